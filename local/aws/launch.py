"""Starts MiniStack 1.5.33 with the few behaviours of AWS that the product stands on and that it lacks.

Each patch says why it is there. `launch.py --patches` prints, as JSON, the upstream source each patch was written
against beside what is installed: a test reads it, so that an upgrade is looked at patch by patch.
"""

import hashlib
import inspect
import json
import sys
import threading
import time
from datetime import datetime, timezone
from importlib.metadata import version

PINNED = "1.5.33"
if version("ministack") != PINNED:
    sys.exit(f"launch.py: cannot start MiniStack {version('ministack')}: the patches are for {PINNED}")

import ministack.core.lambda_runtime as runtime  # noqa: E402
import ministack.services.cloudwatch as cloudwatch  # noqa: E402
import ministack.services.eventbridge as eventbridge  # noqa: E402
import ministack.services.lambda_svc as functions  # noqa: E402
from ministack.core.responses import request_scope  # noqa: E402

# What each patch replaces or wraps, with the first 12 hex digits of the sha256 of the source it was written against.
UPSTREAM = {
    "alarm-events": [(cloudwatch._dispatch_alarm_actions, "fcf47c0d1e6e")],
    "alarm-evaluation": [(cloudwatch._evaluate_alarm, "a0b0acd3d432"), (cloudwatch._evaluate_all_alarms, "f83f88e57f1c")],
    "alarm-configuration": [(cloudwatch.cloudformation_put_metric_alarm, "8cb1178b326d")],
    "error-names": [(runtime._NODEJS_WORKER_SCRIPT, "4c6fe8a41c8f"), (functions._execute_function_warm, "62b9218bef5b")],
    "dead-workers": [(runtime.Worker.invoke, "96751a754710")],
}


def main():
    if sys.argv[1:] == ["--patches"]:
        print(json.dumps({name: [[digest(part), want] for part, want in parts] for name, parts in UPSTREAM.items()}))
        return
    patch_alarms()
    patch_functions()
    threading.Thread(target=evaluate_forever, daemon=True).start()
    from ministack.app import main as serve

    serve()


def digest(part):
    text = part if isinstance(part, str) else inspect.getsource(part)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


# ---- alarms ---------------------------------------------------------------------------------------------------------


def patch_alarms():
    """Alarm state changes reach EventBridge (upstream sends none), and alarms are evaluated as CloudWatch does it.

    Upstream pools all series of a metric name and all periods into one value, looks only when data arrives, and
    ignores DatapointsToAlarm and TreatMissingData. Here the timer below is the only one that evaluates.
    """
    upstream_dispatch = cloudwatch._dispatch_alarm_actions

    def dispatch(alarm, old_state, new_state, reason):
        send_state_change(alarm, old_state)
        return upstream_dispatch(alarm, old_state, new_state, reason)

    cloudwatch._dispatch_alarm_actions = dispatch
    cloudwatch._evaluate_alarm = keep_transition  # called when an alarm's configuration is put
    cloudwatch._evaluate_all_alarms = lambda: None


EVALUATION_DELAY = 2  # seconds after a period's end, in which its last points may still arrive

last_states = {}  # alarm ARN -> the state its last event told of, which becomes the next event's previousState
transitions = {}  # alarm ARN -> the fields of its last transition


def keep_transition(alarm):
    """A new configuration (each deploy puts one) keeps the state, and when and why it came."""
    told = transitions.get(alarm["AlarmArn"], {})
    if told.get("StateValue") == alarm["StateValue"]:
        alarm.update(told)
    else:
        alarm.setdefault("StateTransitionedTimestamp", alarm["StateUpdatedTimestamp"])


def send_state_change(alarm, old_state):
    now = round(time.time(), 3)
    # One moment for the event and for DescribeAlarms: readers join the two on it.
    alarm["StateUpdatedTimestamp"] = alarm["StateTransitionedTimestamp"] = now
    previous = last_states.get(alarm["AlarmArn"]) or {"value": old_state, "timestamp": moment(now)}
    state = {"value": alarm["StateValue"], "reason": alarm.get("StateReason", ""), "timestamp": moment(now)}
    if alarm.get("StateReasonData"):
        state["reasonData"] = alarm["StateReasonData"]
    last_states[alarm["AlarmArn"]] = state
    kept = ("StateValue", "StateReasonData", "StateUpdatedTimestamp", "StateTransitionedTimestamp")
    transitions[alarm["AlarmArn"]] = {key: alarm[key] for key in kept if key in alarm}
    detail = {"alarmName": alarm["AlarmName"], "state": state, "previousState": previous}
    detail["configuration"] = configuration(alarm)
    entry = {
        "Source": "aws.cloudwatch",
        "DetailType": "CloudWatch Alarm State Change",
        "Resources": [alarm["AlarmArn"]],
        "Detail": json.dumps(detail),
    }
    eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)


def configuration(alarm):
    if not alarm.get("MetricName"):
        return {"description": alarm.get("AlarmDescription", ""), "alarmRule": alarm.get("AlarmRule", "")}
    metric = {"namespace": alarm["Namespace"], "name": alarm["MetricName"], "dimensions": dimensions(alarm)}
    query = {"metric": metric, "period": int(alarm["Period"]), "stat": statistic(alarm)}
    metrics = [{"id": "m1", "metricStat": query, "returnData": True}]
    return {"description": alarm.get("AlarmDescription", ""), "metrics": metrics}


def evaluate_forever():
    """CloudWatch looks at alarms with periods of 10 to 30 s every 10 s; so do we, a little after the period's end."""
    looked = {}
    while True:
        time.sleep(0.5)
        for (account, region, name), alarm in list(cloudwatch._alarms._data.items()):
            tick = int((time.time() - EVALUATION_DELAY) // min(int(alarm.get("Period") or 60), 10))
            if looked.get((account, region, name)) == tick:
                continue
            looked[(account, region, name)] = tick
            try:
                with request_scope(account, region):
                    evaluate(alarm)
            except Exception as error:  # one odd alarm must not stop the others
                print(f"launch.py: cannot evaluate alarm {name}: {error!r}", file=sys.stderr, flush=True)


def evaluate(alarm):
    if not alarm.get("MetricName") or not alarm.get("Namespace"):
        return
    count = int(alarm.get("EvaluationPeriods") or 1)
    # Like CloudWatch, look a little further back than needed, so that a late point does not decide.
    points = recent_points(alarm, count + 2)
    state = decide(alarm, points, count)
    if state is None or state == alarm["StateValue"]:
        return
    move(alarm, state, points[-count:])


def recent_points(alarm, count):
    """The last complete periods, oldest first, each by itself; a period without data has the value None."""
    period = int(alarm.get("Period") or 60)
    end = int(time.time() // period) * period
    key = (alarm["Namespace"], alarm["MetricName"], cloudwatch._dims_key(dimensions(alarm)))
    series = cloudwatch._metrics.get(key) or []
    starts = [end - period * back for back in range(count, 0, -1)]
    return [point(alarm, start, [p for p in series if start <= p["Timestamp"] < start + period]) for start in starts]


def point(alarm, start, samples):
    stats = cloudwatch._calc_stats(samples)
    value = cloudwatch._stat_value(stats, statistic(alarm), samples) if stats else None
    return {"start": start, "value": value, "count": stats.get("SampleCount", 0)}


def decide(alarm, points, count):
    """ALARM, OK, INSUFFICIENT_DATA, or None to keep the state. After the tables in CloudWatch's documentation."""
    wanted = int(alarm.get("DatapointsToAlarm") or count)
    known = [p for p in points if p["value"] is not None][-count:]
    bad = sum(breaches(alarm, p) for p in known)
    treat = alarm.get("TreatMissingData") or "missing"
    if treat == "breaching":
        bad += count - len(known)
    if bad >= wanted:
        return "ALARM"
    if len(known) == count or treat in ("breaching", "notBreaching"):
        return "OK"
    if not known:
        return "INSUFFICIENT_DATA" if treat == "missing" else None
    if not all(breaches(alarm, p) for p in known):
        return "OK"
    return "ALARM" if treat == "missing" and old_enough(points, wanted) else None


def old_enough(points, wanted):
    """All known points breach: CloudWatch alarms once the oldest is as old as the points it would take."""
    return any(p["value"] is not None for p in points[:-wanted + 1 or None])


def breaches(alarm, one):
    value, threshold = one["value"], float(alarm.get("Threshold") or 0)
    return {
        "GreaterThanThreshold": value > threshold,
        "GreaterThanOrEqualToThreshold": value >= threshold,
        "LessThanThreshold": value < threshold,
        "LessThanOrEqualToThreshold": value <= threshold,
    }.get(alarm.get("ComparisonOperator"), False)


def move(alarm, state, points):
    old = alarm["StateValue"]
    reason = explain(alarm, points)
    alarm["StateValue"], alarm["StateReason"] = state, reason
    alarm["StateReasonData"] = json.dumps(reason_data(alarm, points))
    cloudwatch._record_history(alarm["AlarmName"], old, state, reason, reason_data=reason_data(alarm, points))
    cloudwatch._dispatch_alarm_actions(alarm, old, state, reason)
    cloudwatch._evaluate_parent_alarms(alarm)


def explain(alarm, points):
    known = [p for p in points if p["value"] is not None]
    if not known:
        treated = alarm.get("TreatMissingData") or "missing"
        return f"Threshold Crossed: no datapoints in {len(points)} periods, and missing data is treated as [{treated}]."
    shown = ", ".join(f"{p['value']} ({moment(p['start'])})" for p in known)
    bad = sum(breaches(alarm, p) for p in known)
    rule = f"{alarm['ComparisonOperator']} {alarm['Threshold']}"
    return f"Threshold Crossed: {bad} out of the last {len(points)} datapoints [{shown}] breached {rule}."


def reason_data(alarm, points):
    known = [p for p in points if p["value"] is not None]
    evaluated = [{"timestamp": moment(p["start"]), "sampleCount": p["count"], "value": p["value"]} for p in reversed(known)]
    return {
        "version": "1.0",
        "queryDate": moment(time.time()),
        **({"startDate": moment(known[0]["start"])} if known else {}),
        "statistic": statistic(alarm),
        "period": int(alarm["Period"]),
        "recentDatapoints": [p["value"] for p in known],
        "threshold": float(alarm["Threshold"]),
        "evaluatedDatapoints": evaluated,
    }


def dimensions(alarm):
    return {d["Name"]: d["Value"] for d in alarm.get("Dimensions") or []}


def statistic(alarm):
    return alarm.get("ExtendedStatistic") or alarm.get("Statistic") or "Average"


def moment(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+0000"


# ---- functions ------------------------------------------------------------------------------------------------------


def patch_functions():
    """A Node error's name is the error name that Retry and Catch match; a process that died is `Lambda.Unknown`.

    Upstream reports both as `Runtime.HandlerError`, so that no Catch of ours would match and no killed function
    would be retried.
    """
    script = runtime._NODEJS_WORKER_SCRIPT
    script = script.replace(
        'error: String(err.message || err), trace: err.stack || ""',
        'error: String(err.message || err), errorName: err.name || "Error", trace: err.stack || ""',
    )
    runtime._NODEJS_WORKER_SCRIPT = script.replace(
        'status: "error", error: e.message, trace: e.stack',
        'status: "error", error: e.message, errorName: e.name, trace: e.stack',
    )
    upstream_invoke, upstream_warm = runtime.Worker.invoke, functions._execute_function_warm
    answered = threading.local()

    def invoke(self, *args, **named):
        answered.result = upstream_invoke(self, *args, **named)
        return answered.result

    def warm(func, event, request_id):
        answered.result = None
        answer = upstream_warm(func, event, request_id)
        body = answer.get("body")
        if answer.get("error") and isinstance(body, dict):
            body["errorType"] = error_type(body, answered.result or {})
        return answer

    runtime.Worker.invoke, functions._execute_function_warm = invoke, warm


DEATHS = ("Worker process died", "Worker returned no response", "Worker process exited immediately", "Broken pipe")


def error_type(body, result):
    if any(death in str(body.get("errorMessage")) for death in DEATHS):
        return "Lambda.Unknown"
    if body.get("errorType") == "Runtime.HandlerError" and result.get("errorName"):
        return result["errorName"]
    return body.get("errorType")


if __name__ == "__main__":
    main()
