"""The vocabulary of a KPI definition: stage, unit, direction, roll-up class and the words people read."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from django.utils.translation import get_language

from kpis.catalogue.formula import Formula, Needed


@dataclass(frozen=True, slots=True)
class Words:
    """One text in both languages of the portal; shown in the reader's."""

    ko: str
    en: str

    def __str__(self) -> str:
        return self.ko if (get_language() or "ko").startswith("ko") else self.en


class Stage(enum.Enum):
    """A stage of the customer experience journey, in its order."""

    EXPOSURE = "exposure"
    ACQUISITION = "acquisition"
    BEHAVIOUR = "behaviour"
    CONVERSION = "conversion"
    LOYALTY = "loyalty"

    @property
    def words(self) -> Words:
        return _STAGE_WORDS[self]

    @property
    def number(self) -> int:
        return list(Stage).index(self) + 1


_STAGE_WORDS = {
    Stage.EXPOSURE: Words("노출", "Exposure"),
    Stage.ACQUISITION: Words("유입", "Acquisition"),
    Stage.BEHAVIOUR: Words("행동", "Behaviour"),
    Stage.CONVERSION: Words("전환", "Conversion"),
    Stage.LOYALTY: Words("충성", "Loyalty"),
}


class Unit(enum.StrEnum):
    """What a KPI's number counts. A percent is kept as a rate from 0 to 1 and shown times 100."""

    COUNT = "count"
    PEOPLE = "people"
    MONEY = "money"
    PERCENT = "percent"
    RATIO = "ratio"
    SECONDS = "seconds"
    DAYS = "days"
    RANK = "rank"
    POINTS = "points"

    @property
    def words(self) -> Words:
        return _UNIT_WORDS[self]


_UNIT_WORDS = {
    Unit.COUNT: Words("개수", "count"),
    Unit.PEOPLE: Words("명", "people"),
    Unit.MONEY: Words("금액", "money"),
    Unit.PERCENT: Words("%", "%"),
    Unit.RATIO: Words("배", "ratio"),
    Unit.SECONDS: Words("초", "seconds"),
    Unit.DAYS: Words("일", "days"),
    Unit.RANK: Words("순위", "rank"),
    Unit.POINTS: Words("점", "points"),
}


class Better(enum.StrEnum):
    """Which way is good. `TARGET`: near the target, above and below are both off. `WATCH`: neither is good or bad."""

    HIGHER = "higher"
    LOWER = "lower"
    TARGET = "target"
    WATCH = "watch"

    @property
    def words(self) -> Words:
        return _BETTER_WORDS[self]


_BETTER_WORDS = {
    Better.HIGHER: Words("높을수록 좋음", "higher is better"),
    Better.LOWER: Words("낮을수록 좋음", "lower is better"),
    Better.TARGET: Words("목표에 가까울수록 좋음", "near the target is better"),
    Better.WATCH: Words("변화를 지켜보는 지표", "watched for change"),
}


class Rollup(enum.StrEnum):
    """How values of markets, channels and months become one value."""

    ADDITIVE = "additive"
    RATIO = "ratio_of_sums"
    WEIGHTED = "weighted"
    NON_ADDITIVE = "non_additive"
    COHORT = "cohort_ratio"

    @property
    def has_total(self) -> bool:
        return self in (Rollup.ADDITIVE, Rollup.RATIO, Rollup.WEIGHTED)

    @property
    def words(self) -> Words:
        return _ROLLUP_WORDS[self][0]

    @property
    def rule(self) -> Words:
        """One sentence: how the total comes about, or why there is none."""
        return _ROLLUP_WORDS[self][1]


_ROLLUP_WORDS = {
    Rollup.ADDITIVE: (
        Words("합계", "sum"),
        Words("시장과 날짜를 더한 값이에요.", "Markets and days are added up."),
    ),
    Rollup.RATIO: (
        Words("합의 비율", "ratio of sums"),
        Words(
            "분자끼리, 분모끼리 먼저 더한 뒤 나눠요. 시장별 비율을 평균 내지 않아요.",
            "Numerators and denominators are added up first, then divided; rates of markets are never averaged.",
        ),
    ),
    Rollup.WEIGHTED: (
        Words("노출 가중 평균", "impression-weighted mean"),
        Words(
            "노출수를 가중치로 평균 내요. 노출이 많은 검색어가 더 크게 반영돼요.",
            "A mean weighted by impressions: what is seen more often counts for more.",
        ),
    ),
    Rollup.NON_ADDITIVE: (
        Words("합산 불가", "no total"),
        Words(
            "같은 사람이 여러 시장이나 여러 달에 나타날 수 있어서 더하면 겹쳐 세게 돼요. 그래서 합계가 없어요.",
            "The same person can appear in several markets and months, so adding up would count twice: "
            "there is no total.",
        ),
    ),
    Rollup.COHORT: (
        Words("합산 불가 (고객 기준 비율)", "no total (share of customers)"),
        Words(
            "시장마다 고객 번호가 따로라 같은 고객을 하나로 묶을 수 없어요. 그래서 시장을 합친 값이 없어요.",
            "Each market numbers its customers by itself, so the same customer can't be recognised across markets; "
            "there is no total.",
        ),
    ),
}


CATALOGUE_NUMBERS = 60


@dataclass(frozen=True, slots=True)
class Kpi:
    """One KPI: what it is called, how it is computed over measures, how it rolls up, how a person reads it.

    `number` is its number in the catalogue, `key` its stable name in URLs, files and the API.
    `shows`, `reads`, `acts` are three of the four parts of the tooltip; the fourth, how it is computed, is made
    from the formula, the roll-up rule and `computed_note`.
    """

    number: int
    key: str
    stage: Stage
    name: Words
    unit: Unit
    better: Better
    rollup: Rollup
    formula: Formula
    shows: Words
    reads: Words
    acts: Words
    computed_note: Words = field(default_factory=lambda: Words("", ""))

    @property
    def is_money(self) -> bool:
        return self.unit is Unit.MONEY

    @property
    def is_measurable(self) -> bool:
        """Whether the lake's tables give everything that the formula is made of."""
        return not isinstance(self.formula, Needed)

    @property
    def is_own(self) -> bool:
        """Made by the client; the catalogue's are numbered from 1 to 60."""
        return self.number > CATALOGUE_NUMBERS

    @property
    def short(self) -> Words:
        """The name with its English beside the Korean, for lists that people search."""
        return Words(f"{self.name.ko} ({self.name.en})", self.name.en)

    @property
    def computed(self) -> Words:
        """The second part of the tooltip: the formula in words, the roll-up rule and what is special about it."""
        text = self.formula
        return Words(
            " ".join(
                filter(None, (f"{self.name.ko} = {text.as_text('ko')}.", self.rollup.rule.ko, self.computed_note.ko))
            ),
            " ".join(
                filter(None, (f"{self.name.en} = {text.as_text('en')}.", self.rollup.rule.en, self.computed_note.en))
            ),
        )
