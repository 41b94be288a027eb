"""A client that never heard of handoffs, and lets gRPC retry what is UNAVAILABLE.

Sends until its stream ends; prints the status and the messages that the server says it counted.

    python3 retrying_client.py <host:port> <directory of streaming.proto>
"""

import json
import sys
import time

import grpc

sys.path.insert(0, sys.argv[2])
messages, services = grpc.protos_and_services("streaming.proto")

POLICY = {
    "maxAttempts": 3,
    "initialBackoff": "0.01s",
    "maxBackoff": "0.01s",
    "backoffMultiplier": 1,
    "retryableStatusCodes": ["UNAVAILABLE"],
}
CONFIG = {"methodConfig": [{"name": [{}], "retryPolicy": POLICY}]}


def source():
    while True:
        yield messages.TextRequest(message="hello")
        time.sleep(0.005)


channel = grpc.insecure_channel(sys.argv[1], [("grpc.service_config", json.dumps(CONFIG))])
call = services.StreamerStub(channel).ProcessTextStream.future(source())
trailers = dict(call.trailing_metadata() or ())
print(call.code().name, trailers.get("vachub-message-count"))
