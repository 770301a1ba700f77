"""Writes vectors.tsv: dates with what Python's calendar says of them.

Run `python3 generate.py > vectors.tsv`. Columns: date, days since 1970-01-01, weekday (1 Monday), day of year, ISO week;
tab-separated.
"""

import random
from datetime import date, timedelta

RANDOM = random.Random(1)
EPOCH = date(1970, 1, 1)
chosen = {date(year, month, day) for year in range(1995, 2040) for month, day in [(1, 1), (12, 31)]}
chosen |= {date(1, 1, 1) + timedelta(RANDOM.randrange(3652059)) for _ in range(300)}
chosen |= {date(1, 1, 1), date(9999, 12, 31), date(1900, 2, 28), date(1900, 3, 1), date(2000, 2, 29), date(2024, 2, 29)}
for each in sorted(chosen):
    print(each.isoformat(), (each - EPOCH).days, each.isoweekday(), each.timetuple().tm_yday, each.isocalendar()[1],
          sep="\t")
