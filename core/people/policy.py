def mask_id(v): return v
def check_id_number(*a, **k): raise NotImplementedError
