"""The figures of a simulated quarter as a page of text and as JSON."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from workers.quarter.figures import Figures
from workers.quarter.scoring import Score

CHANNEL_WORDS = {
    "text": "短信 text",
    "web": "网页 web",
    "voice": "语音 voice",
    "operator": "人工 operator",
    "all": "合计 all",
}
SHOWN = 10


def page(figures: Figures) -> str:
    """A page that a person reads from top to bottom."""
    return "\n".join(_lines(figures)) + "\n"


def _lines(f: Figures) -> Iterator[str]:
    plan = f.plan
    yield f"模拟季度 simulated quarter · {plan.cases:,} 事项 cases · seed {plan.seed} · 到 until {f.ran.ended_at:%Y-%m-%d}"
    yield "方式 mode: 运营商接口、服务进程、孪生居民 the carrier's wire, the service's processes, the twin's residents"
    v = f.volume
    yield (
        f"用时 took {f.ran.seconds:.0f} s · 拨打 calls {v['calls']:,} · 短信 text threads {v['text_threads']:,} · "
        f"人工 by hand {v['by_hand']:,} · {f.attempts_per_second:.1f} 次/秒 attempts a second"
    )
    yield ""
    yield "等式 sums that must hold"
    for identity in f.identities:
        yield f"  {'✓' if identity.holds else '✗'} {identity}"
    if f.ran.disagreements is not None:
        mark = "✗" if f.ran.disagreements else "✓"
        yield f"  {mark} 与运营商账本不一致 disagreements with the carrier's ledger {len(f.ran.disagreements)}"
        yield from (f"    {one}" for one in f.ran.disagreements[:SHOWN])
    yield ""
    yield (
        f"埋入虚假办结 planted false closings {f.planted_false:,}, "
        f"联系到群众的 of residents who were reached {f.planted_reached:,}"
    )
    for name, scores in (
        ("综合证据 all evidence", f.detector),
        ("只凭群众回答 answers alone", f.by_answers_alone),
        ("只看“没联系过” plain rule: denied", f.plain_rule),
    ):
        yield f"  {name}"
        for channel, score in scores.items():
            yield f"    {CHANNEL_WORDS[channel]:<14} 查全 recall {score.recall} · 查准 precision {score.precision}"
    yield "  门槛 by threshold: " + " · ".join(_at(t, s["all"]) for t, s in f.curve.items())
    yield ""
    yield (
        f"闭环 closed loop, working hours from dispatch: median {_hours(f.loop.median)}, "
        f"p90 {_hours(f.loop.p90)} ({f.loop.closed:,})"
    )
    yield "轮次 rounds: " + " · ".join(f"{round_} × {n:,}" for round_, n in f.rounds.items())
    yield "结局 endings: " + " · ".join(f"{name} {n:,}" for name, n in f.endings.items())
    yield f"保密 confidential {v['confidential']:,} · 被要求怎么答 told how to answer {v['pressed']:,}"
    yield ""
    covered = sum(line.covered for line in f.units)
    yield f"单位 units: “已解决” told against planted, within the interval {covered} of {len(f.units)}"
    for line in f.units:
        yield (
            f"  {line.unit:<24} told {line.told} · planted {line.expected:.3f}"
            f" (solve rate {line.solve_rate:.2f}, false {line.false_closing:.2f}, found {line.false_found:.2f})"
            f" {'✓' if line.covered else '✗'}"
        )


def _at(threshold: float, score: Score) -> str:
    recall, precision = score.recall.value, score.precision.value
    return f"{threshold:g}: {_three(recall)}/{_three(precision)}"


def _three(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _hours(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f} h"


def to_json(figures: Figures) -> str:
    """Everything with names that do not change."""
    return json.dumps(to_dict(figures), ensure_ascii=False, indent=2) + "\n"


def to_dict(f: Figures) -> dict[str, Any]:
    """The content of the JSON document."""
    return {
        "cases": f.plan.cases,
        "seed": f.plan.seed,
        "weeks": f.plan.weeks,
        "first_day": f.plan.first_day.isoformat(),
        "ended_at": f.ran.ended_at.isoformat(),
        "seconds": round(f.ran.seconds, 1),
        "attempts_per_second": round(f.attempts_per_second, 2),
        "volume": f.volume,
        "identities": [
            {"text": str(i), "whole": i.whole, "parts": dict(i.parts), "holds": i.holds} for i in f.identities
        ],
        "planted_false": f.planted_false,
        "planted_reached": f.planted_reached,
        "detector": {channel: score_fields(s) for channel, s in f.detector.items()},
        "answers_alone": {channel: score_fields(s) for channel, s in f.by_answers_alone.items()},
        "plain_rule": {channel: score_fields(s) for channel, s in f.plain_rule.items()},
        "curve": {str(t): {c: score_fields(s) for c, s in scores.items()} for t, scores in f.curve.items()},
        "closed_loop_hours": asdict(f.loop),
        "rounds": f.rounds,
        "endings": f.endings,
        "units": [{**asdict(line), "covered": line.covered} for line in f.units],
        "puzzled": f.ran.puzzled,
        "carrier_errors": list(f.ran.carrier_errors),
        "disagreements": None if f.ran.disagreements is None else list(f.ran.disagreements),
    }


def score_fields(score: Score) -> dict[str, Any]:
    """A score with its shares and intervals."""
    return {
        **asdict(score),
        "recall": score.recall.value,
        "recall_95": score.recall.interval,
        "precision": score.precision.value,
        "precision_95": score.precision.interval,
    }
