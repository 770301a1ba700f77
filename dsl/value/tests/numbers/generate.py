"""Writes vectors.tsv: exact decimal128 arithmetic, computed by Python's decimal module (an implementation of its own).

Run `python3 generate.py > vectors.tsv`. Columns: operation, arguments…, result; tab-separated.
"""

import random
from decimal import (ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP,
                     ROUND_UP, Context, Decimal, DivisionByZero, InvalidOperation, Overflow)

RANDOM = random.Random(1)
CONTEXT = Context(prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, clamp=1,
                  traps=[DivisionByZero, InvalidOperation, Overflow])
WIDE = Context(prec=200, Emin=-999999, Emax=999999)
ROUNDINGS = {"half_even": ROUND_HALF_EVEN, "half_up": ROUND_HALF_UP, "half_down": ROUND_HALF_DOWN, "up": ROUND_UP,
             "down": ROUND_DOWN, "ceiling": ROUND_CEILING, "floor": ROUND_FLOOR}
SPECIAL = ["0", "1", "-1", "0.1", "0.5", "2.5", "-2.5", "1E+30", "1E-30", "9" * 34, "-" + "9" * 34, "1E+6111",
           "9.999999999999999999999999999999999E+6144", "1E-6176", "52374", "0.19", "3", "7", "1E+20", "100"]


def number():
    if RANDOM.random() < 0.2:
        return Decimal(RANDOM.choice(SPECIAL))
    digits = RANDOM.choice([1, 2, 3, 5, 9, 16, 20, 33, 34])
    exponent = RANDOM.choice([0, 0, 0, -1, -2, -2, -5, 3, -20, 20, -40, 60])
    return Decimal(RANDOM.choice([1, -1]) * RANDOM.randrange(10 ** digits)).scaleb(exponent)


def text(value):
    return format(value.normalize(CONTEXT) if value else Decimal(0), "")


def binary(name, operation):
    for _ in range(120):
        left, right = number(), number()
        try:
            print(name, left, right, text(operation(left, right)), sep="\t")
        except DivisionByZero:
            print(name, left, right, "division by zero", sep="\t")
        except InvalidOperation:
            print(name, left, right, "division by zero", sep="\t")
        except Overflow:
            print(name, left, right, "out of range", sep="\t")


def rounding():
    for _ in range(40):
        value = number()
        if abs(value.adjusted()) > 100:
            continue
        halfway = Decimal(RANDOM.choice(["0.5", "1.5", "-0.5", "-2.5", "2.45", "-0.005", "99.995"]))
        scale = RANDOM.choice([0, 0, 1, 2, 2, 5, -1, -2, -3, -40, 40])
        for argument in (value, halfway):
            for name, mode in ROUNDINGS.items():
                rounded = argument if scale >= -argument.as_tuple().exponent else argument.quantize(
                    Decimal(1).scaleb(-scale), rounding=mode, context=WIDE)
                print("round_" + name, argument, scale, text(rounded), sep="\t")


def powers():
    for base, exponent in [("2", 10), ("1.1", 2), ("-3", 3), ("-3", 2), ("2", -2), ("1.05", 360), ("1.0000001", 999999),
                           ("0.99", 1000), ("7", 40), ("1.5", -77), ("10", 6144), ("10", -6144), ("0", 5), ("3", 0),
                           ("-1.5", 33), ("123456789.123456789", 7), ("0.5", 100), ("1.01", 12), ("1.019", -12)]:
        print("power", base, exponent, text(CONTEXT.plus(WIDE.power(Decimal(base), exponent))), sep="\t")
    for _ in range(60):
        base = Decimal(RANDOM.randrange(1, 10 ** 6)).scaleb(-RANDOM.randrange(7))
        exponent = RANDOM.randrange(-60, 120)
        print("power", base, exponent, text(CONTEXT.plus(WIDE.power(base, exponent))), sep="\t")

    for base, exponent in [("4", "0.5"), ("2", "0.5"), ("27", "1.5"), ("10", "-0.25"), ("1.0000001", "12345.678"),
                           ("0.001", "3.3"), ("123456.789", "-7.25"), ("1.12", "0.08333333333333333333333333333333333")]:
        print("power", base, exponent, text(CONTEXT.plus(WIDE.power(Decimal(base), Decimal(exponent)))), sep="\t")


def unary():
    for _ in range(60):
        value = abs(number())
        print("sqrt", value, "", text(CONTEXT.sqrt(value)), sep="\t")
    for _ in range(60):
        value = Decimal(RANDOM.randrange(1, 10 ** RANDOM.choice([3, 9, 20]))).scaleb(-RANDOM.randrange(12))
        print("ln", value, "", text(CONTEXT.ln(value)), sep="\t")
        value = Decimal(RANDOM.randrange(-10 ** 6, 10 ** 6)).scaleb(-RANDOM.choice([4, 5, 8]))
        print("exp", value, "", text(CONTEXT.exp(value)), sep="\t")


def modulo(left, right):
    with_sign = WIDE.remainder(left, right)
    if with_sign and (with_sign < 0) != (right < 0):
        with_sign = WIDE.add(with_sign, right)
    return CONTEXT.plus(with_sign)


binary("add", CONTEXT.add)
binary("sub", CONTEXT.subtract)
binary("mul", CONTEXT.multiply)
binary("div", CONTEXT.divide)
for _ in range(80):
    left, right = number(), number()
    if right and abs(left.adjusted() - right.adjusted()) < 150:
        print("modulo", left, right, text(modulo(left, right)), sep="\t")
rounding()
powers()
unary()
