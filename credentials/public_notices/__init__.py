"""Public notices 公示: what an authority is about to grant, shown to everybody for a number of days, with objections."""
