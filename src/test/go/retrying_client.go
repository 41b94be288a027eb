// A client that never heard of handoffs, and lets gRPC retry what is UNAVAILABLE.
//
// Sends until its stream ends; prints the status and the messages that the server says it counted.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	pb "example.com/textsender/streaming"
)

const config = `{"methodConfig": [{"name": [{}], "retryPolicy": {
	"maxAttempts": 3, "initialBackoff": "0.01s", "maxBackoff": "0.01s", "backoffMultiplier": 1,
	"retryableStatusCodes": ["UNAVAILABLE"]}}]}`

func main() {
	conn, err := grpc.NewClient(os.Args[1],
		grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithDefaultServiceConfig(config))
	if err != nil {
		log.Fatal(err)
	}
	stream, err := pb.NewStreamerClient(conn).ProcessTextStream(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	for stream.Send(&pb.TextRequest{Message: "hello"}) == nil {
		time.Sleep(5 * time.Millisecond)
	}
	_, err = stream.CloseAndRecv()
	code := strings.ToUpper(status.Code(err).String())
	fmt.Println(code, strings.Join(stream.Trailer().Get("vachub-message-count"), ""))
}
