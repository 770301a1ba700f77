"""Writes vectors.tsv: local times in zones with the offsets that Python's zoneinfo gives them.

Run `pip install tzdata==2026.5` (release 2026e, the one that the crate is pinned to) and then
`PYTHONTZPATH= python3 generate.py > vectors.tsv`. Columns: local time, zone, offset in seconds; tab-separated. Half of the local times
lie within two hours of a change of the clocks, so that gaps and repeated hours are among them (Python's fold 0: the first
of two, and the offset from before a gap, as Dictamen has it).
"""

import random
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

RANDOM = random.Random(1)
ZONES = """America/Bogota America/New_York America/Sao_Paulo America/Caracas America/Santiago America/Mexico_City
America/St_Johns America/Argentina/Buenos_Aires America/Nuuk Europe/Paris Europe/London Europe/Dublin Europe/Moscow
Europe/Istanbul Africa/Cairo Africa/Monrovia Asia/Dhaka Asia/Kolkata Asia/Kathmandu Asia/Tehran Asia/Jerusalem
Asia/Gaza Asia/Pyongyang Australia/Melbourne Australia/Lord_Howe Pacific/Apia Pacific/Auckland Pacific/Chatham
Pacific/Kiritimati Antarctica/Troll Etc/UTC Etc/GMT+5 EST5EDT""".split()
FIRST = datetime(1885, 1, 1, tzinfo=timezone.utc)
HOURS = 24 * 365 * 165


def changes(zone):
    """Moments, to the hour, at which the offset of a zone changes; found by looking at many moments."""
    found = []
    for _ in range(12):
        low = RANDOM.randrange(HOURS - 24 * 400)
        high = low + 24 * 400
        at = lambda hour: (FIRST + timedelta(hours=hour)).astimezone(zone).utcoffset()
        if at(low) == at(high):
            high = low + 24 * 200
        if at(low) == at(high):
            continue
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if at(middle) == at(low) else (low, middle)
        found.append(high)
    return found


for name in ZONES:
    zone = ZoneInfo(name)
    hours = [RANDOM.randrange(HOURS) for _ in range(10)] + changes(zone)
    for hour in hours:
        moment = (FIRST + timedelta(hours=hour)).astimezone(zone).replace(tzinfo=None)
        local = moment + timedelta(minutes=RANDOM.randrange(-120, 120))
        offset = local.replace(tzinfo=zone).utcoffset()
        print(local.replace(microsecond=0).isoformat(), name, int(offset.total_seconds()), sep="\t")
