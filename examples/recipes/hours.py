"""Adds up what labelling all use cases takes, in hours, with the interval that published figures leave.

Usage: python hours.py FILE...
"""

import sys

from annostrat import InputError, load_rules, read_use_cases, recommend


def main(paths: list[str]) -> int:
    """Print the hours of each use case and their sum; return 2 if a file cannot be read."""
    rules, code = load_rules(), 0
    low = typical = high = 0.0
    for case in read_use_cases(paths, rules):
        if isinstance(case, InputError):
            print(case, file=sys.stderr)
            code = 2
            continue
        result = recommend(case, rules)
        effort = result.effort
        hours = (effort["total"] or effort["strategies"][0]["hours"]) if effort and result.strategy else None
        if hours is None:
            print(f"{case.name}: not known")
            continue
        low, typical, high = low + hours["low"], typical + hours["typical"], high + hours["high"]
        print(f"{case.name}: {hours['typical']:,.0f} ({hours['low']:,.0f} to {hours['high']:,.0f})")
    print(f"together: {typical:,.0f} hours ({low:,.0f} to {high:,.0f})")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
