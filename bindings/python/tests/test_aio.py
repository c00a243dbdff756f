"""The client for asyncio."""

from __future__ import annotations

import asyncio
import inspect
import time

import pytest

import bayar
import bayar.aio
from support import is_day_safe


def aio(sandbox, **more):
    return bayar.aio.Client(**sandbox.settings(**more))


def test_200_at_once(sandbox, new):
    references = [new("A") for _ in range(200)]

    async def pay():
        async with aio(sandbox) as client:
            await client.warm_up()
            return await asyncio.gather(*(client.pay(reference, 10_000) for reference in references))

    made = asyncio.run(pay())
    assert [payment.partner_reference_no for payment in made] == references
    assert len({payment.redirect_url for payment in made}) == 200
    for reference in references:
        assert sandbox.payment(reference)["times_made"] == 1


def test_everything_that_the_client_has(approving, new):
    reference, number = new(), new("R")

    async def all_of_it():
        async with bayar.aio.Client.of(approving.client()) as client:
            payment = await client.pay(reference, 10_000, title="Kopi")
            assert (await client.wait(reference, 20)).is_paid
            refund = await client.refund(reference, 4_000, refund_no=number)
            assert (await client.status(reference)).refunds[0].partner_refund_no == refund.partner_refund_no
            records = [record async for record in client.records(reference=reference)]
            assert [record.reference for record in records] == [reference, number]
            assert (await client.record("payment", reference)).state == "done"
            assert len(await client.settle(1)) == 0
            assert (await client.reconcile("2001-01-01", 1)).is_complete
            assert await client.inbox() == ()
            assert "bayar.aio.Client" in repr(client) and "secret" not in repr(client)
            with pytest.raises(bayar.InvalidArgument):
                await client.resolve("payment", "NOT-THERE", "done", "why")
            with pytest.raises(bayar.InvalidArgument):
                await client.pay("has a space", 1)
            return payment

    assert asyncio.run(all_of_it()).partner_reference_no == reference


def test_the_names_and_parameters_are_those_of_the_client():
    for name, member in vars(bayar.Client).items():
        if name.startswith("_") or name in ("from_env", "from_file"):
            continue
        ours = inspect.signature(getattr(bayar.aio.Client, name))
        theirs = inspect.signature(getattr(bayar.Client, name))
        ours, theirs = ([*signature.parameters.values()][1:] for signature in (ours, theirs))
        assert [(p.name, p.kind, p.default) for p in ours] == [(p.name, p.kind, p.default) for p in theirs], name


def test_cancelling_a_task_ends_its_call_and_tells_the_truth(sandbox, new):
    reference = new()

    async def stop():
        async with aio(sandbox) as client:
            await client.warm_up()
            sandbox.misbehave("payment", "delay", ms=20_000)
            causes = []

            async def order():
                try:
                    await client.pay(reference, 10_000)
                except asyncio.CancelledError as stopped:
                    causes.append(stopped.__cause__)
                    raise

            task = asyncio.create_task(order())
            await asyncio.sleep(0.5)
            begun = time.monotonic()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            took = time.monotonic() - begun
            (cause,) = causes
            assert isinstance(cause, bayar.OutcomeUnknown) and cause.code is bayar.Code.CANCELLED
            assert took < 1, took
            # The next call with the same reference settles it.
            if is_day_safe():
                assert (await client.pay(reference, 10_000)).partner_reference_no == reference

    asyncio.run(stop())
    assert sandbox.payment(reference)["times_made"] == 1


def test_a_timeout_of_asyncios_ends_a_call(sandbox, new):
    reference = new()

    async def stop():
        async with aio(sandbox) as client:
            await client.pay(reference, 10_000)
            begun = time.monotonic()
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(client.wait(reference, 60), 0.3)
            assert time.monotonic() - begun < 2
            return await client.status(reference)

    assert not asyncio.run(stop()).is_paid


def test_what_no_thread_has_taken_up_is_not_sent_when_it_is_cancelled(sandbox, new):
    first, second = new(), new()

    async def stop():
        async with aio(sandbox) as client:
            client._threads = 1
            await client.warm_up()
            sandbox.misbehave("payment", "delay", ms=800)
            one = asyncio.create_task(client.pay(first, 10_000))
            await asyncio.sleep(0.2)
            two = asyncio.create_task(client.pay(second, 10_000))
            await asyncio.sleep(0.1)
            two.cancel()
            with pytest.raises(asyncio.CancelledError):
                await two
            await one

    asyncio.run(stop())
    assert sandbox.payment(first)["times_made"] == 1 and sandbox.payment(second) is None


def test_the_loop_runs_on_while_calls_wait(sandbox, new):
    async def tick():
        async with aio(sandbox) as client:
            await client.warm_up()
            sandbox.misbehave("payment", "delay", ms=700)
            task = asyncio.create_task(client.pay(new(), 10_000))
            longest = 0.0
            while not task.done():
                begun = time.monotonic()
                await asyncio.sleep(0.001)
                longest = max(longest, time.monotonic() - begun)
            return longest

    assert asyncio.run(tick()) < 0.6
