"""The five stages of the customer experience journey, in order, with the hue that each has everywhere."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from problems.errors import Sentence


@dataclass(frozen=True)
class Stage:
    """One stage; `number` picks the hue (--stage-1 … --stage-5)."""

    key: str
    number: int
    name: Sentence
    meaning: Sentence


STAGES = (
    Stage("exposure", 1, _("Exposure"), _("People see us: ads, search results, social.")),
    Stage("acquisition", 2, _("Acquisition"), _("People come to us: clicks, visits, installs.")),
    Stage("behaviour", 3, _("Behaviour"), _("People look around: pages, products, the basket.")),
    Stage("conversion", 4, _("Conversion"), _("People buy or sign up.")),
    Stage("loyalty", 5, _("Loyalty"), _("People come back and stay.")),
)
BY_KEY = {stage.key: stage for stage in STAGES}
