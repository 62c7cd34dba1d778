# SPDX-License-Identifier: AGPL-3.0-or-later
"""What takes too long is given up at a look; what else ends a wait is left as it is."""

import asyncio

import pytest

from encrier_answers.patience import Patience


def test_what_takes_too_long_is_given_up_and_the_rest_goes_on() -> None:
    async def act() -> list[str | BaseException]:
        loop = asyncio.get_running_loop()
        patience = Patience(loop)
        never, late = loop.create_future(), loop.create_future()
        slow = loop.create_task(patience.wait(never))
        await asyncio.sleep(0)
        patience.look(most_s=-1)  # of which this is too long already
        quick = loop.create_task(patience.wait(late))
        await asyncio.sleep(0)
        patience.look(most_s=60)
        loop.call_soon(late.set_result, "heard")
        return [*await asyncio.gather(slow, quick, return_exceptions=True)]

    slow, quick = asyncio.run(act())
    assert isinstance(slow, TimeoutError)
    assert quick == "heard"


def test_who_is_cancelled_by_another_is_not_told_of_a_deadline() -> None:
    async def act() -> None:
        loop = asyncio.get_running_loop()
        waiting = loop.create_task(Patience(loop).wait(loop.create_future()))
        await asyncio.sleep(0)
        waiting.cancel()
        await waiting

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(act())


def test_an_error_of_what_is_awaited_comes_through() -> None:
    async def act() -> None:
        loop = asyncio.get_running_loop()
        broken: asyncio.Future[None] = loop.create_future()
        broken.set_exception(OSError("gone"))
        await Patience(loop).wait(broken)

    with pytest.raises(OSError, match="gone"):
        asyncio.run(act())
