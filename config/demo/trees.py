"""The sample organisations: Tianjin's districts, centres and stations; Henan's cities and counties; Jingzhou."""

from __future__ import annotations

from core.models import Organisation, Region

SAMPLE = {"is_sample": True}
CENTRES = 12  # of Tianjin's 16 districts, as in the project's closing phase
STATIONS = 53


def place(name: str, parent: Organisation | None, **fields: object) -> Organisation:
    """Find or add one organisation below its parent, by name."""
    siblings = parent.get_children() if parent else Organisation.get_root_nodes()
    found = siblings.filter(name=name).first()
    if found:
        return found
    if parent is None:
        return Organisation.add_root(name=name, **SAMPLE, **fields)
    return Organisation.objects.get(pk=parent.pk).add_child(name=name, **SAMPLE, **fields)


def plant_trees() -> dict[str, Organisation]:
    """All sample organisations; returns the ones that the rest of the demo names. Idempotent."""
    named = _tianjin()
    henan = place("河南省民政厅（示例）", None, tier="province", kind="bureau", region_id="410000")
    zhengzhou = place("郑州市民政局（示例）", henan, tier="city", kind="bureau", region_id="410100")
    luohe = place("漯河市民政局（示例）", henan, tier="city", kind="bureau", region_id="411100")
    _henan(henan)
    hubei = place("湖北省民政厅（示例）", None, tier="province", kind="bureau", region_id="420000")
    jingzhou = place("荆州市民政局（示例）", hubei, tier="city", kind="bureau", region_id="421000")
    named |= {"henan": henan, "zhengzhou": zhengzhou, "luohe": luohe, "hubei": hubei, "jingzhou": jingzhou}
    named["zhengzhou_agency"] = place(
        "郑州市社会工作督导中心（示例）", zhengzhou, tier="station", kind="institution"
    )
    stations = Organisation.objects.filter(path__startswith=henan.path, kind="station")
    named["far_station"] = stations.get(region_id="411525")  # 固始县, 500 km from Zhengzhou
    named["north_station"] = stations.get(region_id="410581")  # 林州市
    named["luohe_agency"] = place("漯河市春晖社工服务中心（示例）", luohe, tier="station", kind="agency")
    named["jingzhou_agency"] = place(
        "荆州市江汉社工服务中心（示例）", jingzhou, tier="station", kind="agency"
    )
    return named


def _henan(province: Organisation) -> None:
    """A bureau for each of Henan's cities, and in each of its counties a bureau and a social work station."""
    below = Organisation.objects.filter(path__startswith=province.path)
    known = set(below.filter(tier="county").values_list("region_id", flat=True))
    cities = {each.region_id: each for each in below.filter(tier="city")}
    for region in Region.objects.filter(level="city", code__startswith="41").order_by("code"):
        if region.pk not in cities:
            cities[region.pk] = place(
                f"{region.name}民政局（示例）", province, tier="city", kind="bureau", region=region
            )
    for region in Region.objects.filter(level="county", code__startswith="41").order_by("code"):
        if region.pk in known:
            continue
        above = cities.get(region.parent_id, province)
        county = place(f"{region.name}民政局（示例）", above, tier="county", kind="bureau", region=region)
        place(f"{region.name}社会工作服务站（示例）", county, tier="station", kind="station", region=region)


def _tianjin() -> dict[str, Organisation]:
    city = place("天津市民政局（示例）", None, tier="province", kind="bureau", region_id="120000")
    named = {"tianjin": city}
    districts = list(Region.objects.filter(level="county", code__startswith="12").order_by("code"))
    stations = 0
    for number, district in enumerate(districts):
        kind = "centre" if number < CENTRES else "bureau"
        title = "社会工作指导中心" if kind == "centre" else "民政局"
        office = place(f"{district.name}{title}（示例）", city, tier="county", kind=kind, region=district)
        named.setdefault("district", office)
        named[f"district_{number}"] = office
        streets = Region.objects.filter(level="street", parent=district).order_by("code")
        wanted = STATIONS // len(districts) + (1 if number < STATIONS % len(districts) else 0)
        for street in streets[:wanted]:
            bureau = place(f"{street.name}（示例）", office, tier="street", kind="bureau", region=street)
            station = place(
                f"{street.name}社工站（示例）", bureau, tier="station", kind="station", region=street
            )
            named.setdefault("street", bureau)
            named[f"station_{stations}"] = station
            stations += 1
    return named
