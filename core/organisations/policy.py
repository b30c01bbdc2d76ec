def uscc_errors(v): return []
