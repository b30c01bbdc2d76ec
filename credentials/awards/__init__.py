"""Award rounds 评选: who is nominated, who judges, who wins, and how that becomes an entry of the honour register."""
