def register_supervisors(*a): return []
def pair_and_log(*a): pass
