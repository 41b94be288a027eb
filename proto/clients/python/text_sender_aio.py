"""text_sender.py for asyncio, of which it uses the account.

    sender = TextSender(connect, ACKNOWLEDGE, unknown=lambda messages: True)
    counted = await sender.send(asynchronous_generator())

grpc.aio replaces the status and the trailers that a server sent by "Internal error from Core" where a
write fails because the stream has ended (github.com/grpc/grpc/issues/36066). What is received is
right even then: the answer, and each acknowledgement. See _Ending for the rest.
"""

import asyncio

import grpc

from streaming_pb2 import TextRequest, TextResponse
from text_sender import ACKNOWLEDGE, PROCESS, Account, End, StreamFailed


def connect(target):
    """A channel with a connection of its own, which Python's channels otherwise share."""
    return grpc.aio.insecure_channel(target, [("grpc.use_local_subchannel_pool", 1)])


class TextSender:
    """As that of text_sender.py: connect returns a channel of grpc.aio, and unknown is called from
    the event loop."""

    def __init__(self, connect, rpc, unknown, keep=10_000):
        self._connect = connect
        self._rpc = rpc
        self._account = Account(unknown, keep)
        self._changed = asyncio.Event()  # messages were counted
        self._next = None  # the message that the source was asked for, which outlives a stream
        self._source_error = None

    @property
    def ends(self):
        """How many streams ended in which way."""
        return self._account.ends

    async def send(self, messages):
        """Sends all of them. Returns how many were counted; raises StreamFailed."""
        source = aiter(messages)
        channel = self._connect()
        try:
            while not self._account.is_over():
                wait = self._account.after(await self._run_stream(channel, source))
                if self._account.renew:
                    self._account.renew = False
                    await channel.close()
                    channel = self._connect()
                await asyncio.sleep(wait)
        finally:
            if self._next is not None:
                self._next.cancel()
            await channel.close()
        if self._source_error is not None:
            raise self._source_error
        return self._account.counted

    async def _run_stream(self, channel, source):
        # To gRPC, an RPC with one answer is one with a stream of answers.
        open_stream = channel.stream_stream(
            f"/streaming.Streamer/{self._rpc}",
            TextRequest.SerializeToString,
            TextResponse.FromString,
        )
        call = open_stream(metadata=self._account.metadata())
        ending = _Ending(call)
        writer = None
        try:
            headers = dict(await call.initial_metadata())
            # A message that was sent to a server that refuses would be in doubt.
            if "vachub-pod" in headers:
                writer = asyncio.create_task(self._write(call, source))
            async for answer in call:
                self._account.answer(answer.message_count)
                self._changed.set()
        except grpc.aio.AioRpcError:
            pass  # The call tells how it ended.
        finally:
            call.cancel()
            if writer is not None:
                writer.cancel()
                await asyncio.wait({writer})
        if writer is not None and not writer.cancelled():
            writer.result()
        code, details, trailers = await ending.get()
        return End(code, details, headers, trailers)

    async def _write(self, call, source):
        account = self._account
        try:
            while True:
                if account.unsent:
                    await call.write(account.next())
                elif account.source_ended or account.is_full() and self._rpc == PROCESS:
                    break
                elif account.is_full():
                    self._changed.clear()
                    await self._changed.wait()
                else:
                    await self._ask(source)
            await call.done_writing()
        except (grpc.aio.AioRpcError, asyncio.InvalidStateError):
            pass  # The stream has ended.
        except Exception:
            call.cancel()
            raise

    async def _ask(self, source):
        if self._next is None:
            self._next = asyncio.ensure_future(anext(source))
        await asyncio.wait({self._next})
        answer, self._next = self._next, None
        if answer.exception() is None:
            self._account.unsent.append(answer.result())
        else:
            self._account.source_ended = True
            if not isinstance(answer.exception(), StopAsyncIteration):
                self._source_error = answer.exception()


class _Ending:
    """The end of a call as the server told it: grpc.aio tells callbacks of each status that it sets,
    that of a failed write included, in whichever order."""

    PATIENCE = 1  # seconds; more than enough for a status that is already on its way

    def __init__(self, call):
        self._found = asyncio.get_running_loop().create_future()
        call.add_done_callback(self._look)

    def _look(self, call):
        self._last = [_now(c) for c in (call.code(), call.details(), call.trailing_metadata())]
        if self._last[1] != "Internal error from Core" and not self._found.done():
            self._found.set_result(None)

    async def get(self):
        await asyncio.wait({self._found}, timeout=self.PATIENCE)
        code, details, trailers = self._last
        return code, details, dict(trailers)


def _now(coroutine):
    """What a coroutine returns that has nothing to wait for."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        return done.value
    raise AssertionError(f"{coroutine} waits")
