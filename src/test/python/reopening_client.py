"""Streams of a client that never heard of handoffs: an error is a reason to open the stream again, an OK to stop.

Runs until its standard input closes or no stream is left; prints the status of each stream that ended.

    python3 reopening_client.py <host:port> <streams> <directory of streaming.proto> [<header>=<value>]
"""

import os
import random
import sys
import threading
import time

import grpc

sys.path.insert(0, sys.argv[3])
messages, services = grpc.protos_and_services("streaming.proto")
metadata = [tuple(header.split("=")) for header in sys.argv[4:]]


def source():
    while True:
        yield messages.TextRequest(message="hello")
        time.sleep(0.02)


def run():
    while True:
        with grpc.insecure_channel(sys.argv[1]) as channel:
            call = services.StreamerStub(channel).ProcessTextStream.future(source(), metadata=metadata)
            code = call.code()
        # In one piece, which print does not promise among threads.
        sys.stdout.write(code.name + "\n")
        sys.stdout.flush()
        if code == grpc.StatusCode.OK:
            return
        time.sleep(random.uniform(0.1, 0.3))


def stop():
    sys.stdin.read()
    os._exit(0)


threading.Thread(target=stop, daemon=True).start()
streams = [threading.Thread(target=run) for _ in range(int(sys.argv[2]))]
for stream in streams:
    stream.start()
for stream in streams:
    stream.join()
