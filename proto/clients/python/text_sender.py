"""Sends an endless sequence of texts over streams that a server may move, and tracks the count.

    sender = TextSender(lambda: connect("localhost:50051"), ACKNOWLEDGE, unknown=lambda messages: True)
    counted = sender.send(TextRequest(message=text) for text in texts)

To be copied, beside streaming_pb2.py, which grpcio-tools makes of streaming.proto. For asyncio there
is text_sender_aio.py. What a client must do, and why: proto/README.md.
"""

import collections
import logging
import random
import threading

import grpc

from streaming_pb2 import TextRequest, TextResponse

ACKNOWLEDGE = "AcknowledgeTextStream"
PROCESS = "ProcessTextStream"

MIN_BACK_OFF, MAX_BACK_OFF = 0.1, 10  # seconds

# The statuses of a stream that was cut. The caller must handle any other failure.
CUT = {
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.CANCELLED,
    grpc.StatusCode.INTERNAL,
    grpc.StatusCode.UNKNOWN,
}

log = logging.getLogger(__name__)


def connect(target):
    """A channel with its own connection; by default Python's channels share one."""
    return grpc.insecure_channel(target, [("grpc.use_local_subchannel_pool", 1)])


class StreamFailed(Exception):
    """A stream ended with a status after which a retry does not help."""

    def __init__(self, end):
        super().__init__(f"{end.code.name}: {end.details}")
        self.end = end


End = collections.namedtuple("End", "code details headers trailers")


class Account:
    """Tracks the messages, and decides what to do after the end of a stream."""

    def __init__(self, unknown, keep):
        self.ends = collections.Counter()  # streams, by how they ended
        self.counted = 0  # messages that the servers counted
        self.answered = 0  # those of the stream that is open
        self.sent = collections.deque()  # the messages on it that were not counted yet
        self.unsent = collections.deque()
        self.source_ended = False
        self.renew = False  # whether the next stream needs a new connection
        self._unknown = unknown
        self._keep = keep
        self._refused = 0  # in a row
        self._failed = 0  # in a row

    def is_full(self):
        return len(self.sent) + len(self.unsent) >= self._keep

    def is_over(self):
        return self.source_ended and not self.sent and not self.unsent

    def metadata(self):
        return [("vachub-handoff", "accept"), ("vachub-attempt", str(self._refused))]

    def next(self):
        """The next message to send."""
        self.sent.append(self.unsent.popleft())
        return self.sent[-1]

    def answer(self, count):
        """Records that so many messages of the open stream were counted."""
        for _ in range(count - self.answered):
            self.sent.popleft()
            self.counted += 1
        self.answered = count

    def after(self, end):
        """Handles the end of a stream. Returns the seconds to wait before the next."""
        if "vachub-pod" not in end.headers:
            return self._after_refusal(end)
        if "vachub-message-count" in end.trailers:
            self.answer(int(end.trailers["vachub-message-count"]))
        elif end.code is not grpc.StatusCode.OK and self.sent and not self._unknown(list(self.sent)):
            self.sent.clear()
        self.unsent.extendleft(reversed(self.sent))
        self.sent.clear()
        progress, self.answered, self._refused = self.answered > 0, 0, 0
        if progress:
            self._failed = 0

        reason = end.trailers.get("vachub-handoff")
        if reason is not None:
            self.ends[reason] += 1
            self.renew = reason == "rebalance"
            return 0
        if end.code is grpc.StatusCode.OK:
            self.ends["completed"] += 1
            return 0 if progress else self._back_off()
        self.ends["cut"] += 1
        if end.code not in CUT:
            raise StreamFailed(end)
        log.warning("Stream was cut: %s: %s", end.code.name, end.details)
        return self._back_off()

    def _after_refusal(self, end):
        """After a stream that no service has seen: no response header was received."""
        if end.code is grpc.StatusCode.UNAVAILABLE:
            log.warning("No stream: %s", end.details)
            return self._back_off()
        pushback = end.trailers.get("grpc-retry-pushback-ms")
        if end.code is not grpc.StatusCode.RESOURCE_EXHAUSTED or not (pushback or "0").isdigit():
            raise StreamFailed(end)
        self.ends["refused"] += 1
        self._refused += 1
        self.renew = True  # A balancer may keep a connection's streams on the pod that refuses.
        return self._back_off() if pushback is None else int(pushback) / 1000

    def _back_off(self):
        seconds = random.uniform(0, min(MAX_BACK_OFF, MIN_BACK_OFF * 2**self._failed))
        self._failed = min(self._failed + 1, 10)
        return seconds


class TextSender:
    """Sends messages, one stream after another.

    connect: returns a new channel.
    rpc: ACKNOWLEDGE or PROCESS.
    unknown: called after a cut with the messages whose fate is unknown;
        returns whether to send them again. Then they may be counted twice, else not at all.
    keep: how many messages may be kept because they are not counted yet. Then ACKNOWLEDGE waits;
        PROCESS ends its stream to get the count, and opens another.
    """

    def __init__(self, connect, rpc, unknown, keep=10_000):
        self._connect = connect
        self._rpc = rpc
        self._account = Account(unknown, keep)
        self._changed = threading.Condition()  # guards the account
        self._asking = threading.Lock()  # held by the thread that asks the source
        self._source_error = None
        self._call = None
        self._closed = threading.Event()

    @property
    def ends(self):
        """How many streams ended in which way."""
        return self._account.ends

    def send(self, messages):
        """Sends the messages of an iterable. Returns how many were counted; raises StreamFailed."""
        source = iter(messages)
        channel = self._connect()
        try:
            while not self._account.is_over():
                end = self._run_stream(channel, source)
                if self._closed.is_set():
                    raise StreamFailed(end._replace(code=grpc.StatusCode.CANCELLED, details="closed"))
                with self._changed:
                    seconds = self._account.after(end)
                if self._account.renew:
                    self._account.renew = False
                    channel.close()
                    channel = self._connect()
                self._closed.wait(seconds)
        finally:
            channel.close()
        if self._source_error is not None:
            raise self._source_error
        return self._account.counted

    def close(self):
        """Ends it from another thread, even if messages are not counted yet."""
        with self._changed:
            self._closed.set()
            if self._call is not None:
                self._call.cancel()

    def _run_stream(self, channel, source):
        stream = _Stream()
        # To gRPC, an RPC with one answer is one with a stream of answers.
        open_stream = channel.stream_stream(
            f"/streaming.Streamer/{self._rpc}",
            TextRequest.SerializeToString,
            TextResponse.FromString,
        )
        call = open_stream(self._requests(stream, source), metadata=self._account.metadata())
        with self._changed:
            self._call = call
            if self._closed.is_set():
                call.cancel()
        try:
            stream.headers = dict(call.initial_metadata())
            stream.started.set()
            for answer in call:
                with self._changed:
                    self._account.answer(answer.message_count)
                    self._changed.notify_all()
        except grpc.RpcError:
            pass  # The call has the status.
        finally:
            with self._changed:
                stream.over = True
                self._changed.notify_all()
            stream.started.set()
            call.cancel()
        return End(call.code(), call.details(), stream.headers, dict(call.trailing_metadata() or ()))

    def _requests(self, stream, source):
        """The messages that gRPC sends, on its own thread."""
        account = self._account
        # If the server refuses, the fate of a message sent before is unknown.
        stream.started.wait()
        if "vachub-pod" not in stream.headers:
            return
        while True:
            with self._changed:
                self._changed.wait_for(
                    lambda: stream.over
                    or account.unsent
                    or not account.is_full()
                    or self._rpc == PROCESS
                )
                if stream.over:
                    return
                message = account.next() if account.unsent else None
                if message is None and (account.source_ended or account.is_full()):
                    return
            if message is None:
                self._ask(source)
            else:
                yield message

    def _ask(self, source):
        """Takes a message from the source, for which an earlier stream's thread may still wait."""
        with self._asking:
            if self._account.unsent or self._account.source_ended:
                return
            try:
                message = next(source)
            except StopIteration:
                self._account.source_ended = True
            except Exception as error:  # Raised once the messages before it are counted.
                self._source_error = error
                self._account.source_ended = True
            else:
                with self._changed:
                    self._account.unsent.append(message)


class _Stream:
    def __init__(self):
        self.started = threading.Event()  # its headers are there, or it is over
        self.headers = {}
        self.over = False
