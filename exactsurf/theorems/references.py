"""The literature by key: the BibTeX entries of proofs/references.bib, which the wheel holds beside this file."""

from __future__ import annotations

import re
from pathlib import Path


def _entries() -> dict[str, str]:
    inside = Path(__file__).parent / "references.bib"
    file = inside if inside.is_file() else Path(__file__).parents[2] / "proofs" / "references.bib"
    # A new entry of the file gets its name below.
    entries = file.read_text(encoding="utf-8").strip().split("\n\n")
    return {re.split(r"[{,]", entry)[1]: entry for entry in entries}


_ENTRIES = _entries()

ACHOUR_2024 = _ENTRIES["achour2024loss"]
BALDI_1989 = _ENTRIES["baldi1989neural"]
BERTSCHINGER_2023 = _ENTRIES["bertschinger2023training"]
BHARADWAJ_2023 = _ENTRIES["bharadwaj2023complex"]
BOURSIER_2025 = _ENTRIES["boursier2025early"]
CHOROMANSKA_2015 = _ENTRIES["choromanska2015loss"]
CHRISTOF_2023 = _ENTRIES["christof2023omnipresence"]
CLEVERT_2016 = _ENTRIES["clevert2016fast"]
DING_2022 = _ENTRIES["ding2022suboptimal"]
DU_2018 = _ENTRIES["du2018gradient"]
FEIZI_2018 = _ENTRIES["feizi2018porcupine"]
FREEMAN_2017 = _ENTRIES["freeman2017topology"]
GOLDBLUM_2020 = _ENTRIES["goldblum2020truth"]
GRIGSBY_2022 = _ENTRIES["grigsby2022functional"]
GRIGSBY_2023 = _ENTRIES["grigsby2023hidden"]
GRILLO_2026 = _ENTRIES["grillo2026most"]
HAEFFELE_2017 = _ENTRIES["haeffele2017global"]
HARDT_2017 = _ENTRIES["hardt2017identity"]
HE_2020 = _ENTRIES["he2020piecewise"]
KAWAGUCHI_2016 = _ENTRIES["kawaguchi2016deep"]
KAWAGUCHI_2019 = _ENTRIES["kawaguchi2019depth"]
KIM_2025 = _ENTRIES["kim2025exploring"]
KOHN_2022 = _ENTRIES["kohn2022geometry"]
KOHN_2024 = _ENTRIES["kohn2024function"]
LAURENT_2018_LINEAR = _ENTRIES["laurent2018deep"]
LAURENT_2018 = _ENTRIES["laurent2018multilinear"]
LIU_2021 = _ENTRIES["liu2021understanding"]
LU_2017 = _ENTRIES["lu2017depth"]
MEHTA_2021 = _ENTRIES["mehta2021loss"]
MULAYOFF_2020 = _ENTRIES["mulayoff2020unique"]
NGUYEN_2017 = _ENTRIES["nguyen2017loss"]
NGUYEN_2021 = _ENTRIES["nguyen2021note"]
PESME_2023 = _ENTRIES["pesme2023saddle"]
PETZKA_2021 = _ENTRIES["petzka2021nonattracting"]
SAFRAN_2018 = _ENTRIES["safran2018spurious"]
SHAHVERDI_2024 = _ENTRIES["shahverdi2024algebraic"]
SHAMIR_2018 = _ENTRIES["shamir2018resnets"]
SHARIFNASSAB_2020 = _ENTRIES["sharifnassab2020bounds"]
SOUDRY_2016 = _ENTRIES["soudry2016no"]
STARGALLA_2025 = _ENTRIES["stargalla2025computational"]
SWIRSZCZ_2016 = _ENTRIES["swirszcz2016local"]
TRAGER_2020 = _ENTRIES["trager2020pure"]
VARDI_2022 = _ENTRIES["vardi2022margin"]
VENTURI_2019 = _ENTRIES["venturi2019spurious"]
WU_2025 = _ENTRIES["wu2025loss"]
XIE_2017 = _ENTRIES["xie2017diverse"]
YU_1995 = _ENTRIES["yu1995local"]
YUN_2018 = _ENTRIES["yun2018global"]
YUN_2019 = _ENTRIES["yun2019small"]
YUN_2019_SOSP = _ENTRIES["yun2019efficiently"]
ZHOU_2018 = _ENTRIES["zhou2018critical"]
