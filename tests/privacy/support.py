"""Synthetic permits by the register's rule; every person and firm is invented."""

from __future__ import annotations

import random
from datetime import date, timedelta

from wushu.kernel.identifiers import bank_card, credit_code, resident_id

DIVISIONS = ("110105", "310115", "440305", "441900", "520102", "653101")
SURNAMES, GIVEN = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗",
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平",
)


class Permits:
    """Makes columns of a permit register, the same for the same seed."""

    def __init__(self, rows: int, seed: int = 20240601) -> None:
        self.rows = rows
        self._chance = random.Random(seed)

    def digits(self, count: int) -> str:
        return "".join(self._chance.choices("0123456789", k=count))

    def credit_codes(self) -> list[str]:
        bodies = (f"91{self._chance.choice(DIVISIONS)}{self.digits(9)}" for _ in range(self.rows))
        return [body + credit_code.check_character(body) for body in bodies]

    def resident_ids(self) -> list[str]:
        made = []
        for _ in range(self.rows):
            born = date(1950, 1, 1) + timedelta(self._chance.randrange(20_000))
            body = f"{self._chance.choice(DIVISIONS)}{born:%Y%m%d}{self.digits(3)}"
            made.append(body + resident_id.check_character(body))
        return made

    def phones(self) -> list[str]:
        """As the register makes them: 130 to 199, whether or not the code is allotted."""
        return [f"1{self._chance.randrange(30, 100)}{self.digits(8)}" for _ in range(self.rows)]

    def cards(self) -> list[str]:
        bodies = [f"622202{self.digits(12)}" for _ in range(self.rows)]
        return [body + bank_card.luhn_check_digit(body) for body in bodies]

    def names(self) -> list[str]:
        pick = self._chance.choice
        return [pick(SURNAMES) + pick(GIVEN) + pick(GIVEN) for _ in range(self.rows)]

    def amounts(self) -> list[str]:
        return [f"{self._chance.lognormvariate(9, 1.2):.2f}" for _ in range(self.rows)]

    def remarks(self) -> list[str]:
        return [f'食品经营许可,备注 "{self.digits(6)}" 号' for _ in range(self.rows)]
