"""The quarterly bulletin (季通报, domain.md §7.3) of a city as a document; of a year the annual total (年总评)."""

from __future__ import annotations

from datetime import UTC

from followup.reports import bulletin_sections as sections
from followup.reports.bulletin_centres import centres
from followup.reports.bulletin_facts import BulletinFacts
from followup.reports.bulletin_remarks import said_with_it
from followup.reports.bulletin_stars import stars_of_the_year
from followup.reports.bulletin_townships import townships
from followup.reports.bulletin_units import units
from followup.reports.document.figures import Figures, Words, both
from followup.reports.document.model import Document, Header, Sentence
from followup.reports.remarks import Remarks, advice, judgement
from followup.reports.report_policy import versions
from survey.periods import quarters
from survey.policies import packaged


def bulletin_document(facts: BulletinFacts, remarks: Remarks | None = None) -> Document:
    """The document; it is the same for the same rows and remarks. Raises NoCounty for ranks of counties that are elsewhere."""
    figures = Figures()
    parts = [
        sections.levels(figures, facts),
        sections.ranks(figures, facts),
        sections.moves(figures, facts),
    ]
    if facts.centres:
        parts += [centres(figures, facts), units(figures, facts)]
    parts.append(townships(figures, facts))
    if quarters(facts.period):
        parts.append(sections.by_quarter(figures, facts))
    if facts.stars:
        parts.append(stars_of_the_year(figures, facts.stars))
    return Document(
        header=_header(facts),
        sections=(*parts, *said_with_it(figures, facts, remarks), judgement(remarks), advice(remarks)),
        notes=NOTES,
        figures=figures.by_key(),
        main="levels",
    )


def _header(facts: BulletinFacts) -> Header:
    city, period = facts.counties[0].county, facts.period
    annual = bool(quarters(period))
    definitions = facts.counties[0].now.table.definitions
    return Header(
        kind="bulletin",
        title=_title(city.city_zh, city.city_en, annual),
        serial=1 if annual else (period.last.month + 2) // 3,
        year=period.last.year,
        centre_code=facts.centre.code,
        centre=both(facts.centre.name_zh, facts.centre.name_en),
        first=period.first,
        last=period.last,
        cut_off=facts.cut_off.astimezone(UTC).replace(microsecond=0),
        tz=facts.centre.tz,
        policies=versions()
        | {
            "indicators": max(one.version for one in definitions),
            "centre_score": packaged("followup.assessment", "centre_score").version,
        },
    )


def _title(zh: str, en: str, annual: bool) -> Words:
    if annual:
        return both(f"{zh}社情民意年总评", f"Annual total, {en}")
    return both(f"{zh}社情民意季通报", f"Quarterly bulletin, {en}")


def _note(zh: str, en: str) -> Sentence:
    return Sentence(words=both(zh, en))


NOTES = (
    _note(
        "括号内是基数,下行是百分之九十五区间:比例用Korn-Graubard法,综合得分由各项合成。",
        "In brackets the base, below it the interval of ninety-five per cent: Korn-Graubard's for shares; the composite's is "
        "made of its parts.",
    ),
    _note(
        "权数:回答入库时所带的权数,未按人口边际校准。",
        "Weights: those that the answers were counted with; they are not calibrated to margins of the population.",
    ),
    _note(
        "名次按安全率。名次范围:以百分之九十五的把握,各县真实名次同时都在各自范围内。",
        "Ranks are by the safety rate. Their ranges: with a confidence of ninety-five per cent the true ranks of all counties "
        "lie in them at once.",
    ),
    _note(
        "位次变化只在两期都排名的县之间比。偶然位移:即使毫无变化,名次也可能移动的位数。",
        "Places moved are counted among counties that are ranked in both periods. By chance: so many places a rank may move "
        "though nothing has changed.",
    ),
    _note(
        "变好的概率在公布规则的两限之间的,既不说上升,也不说下降。",
        "Where the probability of having improved lies between the two limits of policy, neither rise nor fall is claimed.",
    ),
    _note(
        "全部县和指标合为一族检验(Benjamini-Hochberg法),错误说法的比例控制在百分之五以内。",
        "All counties and indicators are tested as one family (Benjamini-Hochberg); of the claims a share of five per cent at "
        "most is expected to be false.",
    ),
    _note(
        "回答太少、指向个人或不可靠的数不公布;样本量不足的不排名。",
        "What rests on too few answers, could point to persons or is unreliable is not published; who has too few is not ranked.",
    ),
    _note(
        "表中“*”是不公布的数,“—”是没有回答或没有数据。",
        "In tables * stands for a figure that is not published, — for no answer or no data.",
    ),
)  # fmt: skip
