// Sends numbers until its standard input ends, then prints the account of each client as JSON.
//
//	go run ./example localhost:50051 AcknowledgeTextStream [clients [name]]
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"strconv"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"example.com/textsender"
	pb "example.com/textsender/streaming"
)

type account struct {
	Client  string         `json:"client"`
	Sent    int            `json:"sent"`
	Counted int            `json:"counted"`
	Unknown []int          `json:"unknown"`
	Ends    map[string]int `json:"ends"`
}

func main() {
	target, rpc := os.Args[1], os.Args[2]
	clients, name := 1, "go"
	if len(os.Args) > 3 {
		clients, _ = strconv.Atoi(os.Args[3])
	}
	if len(os.Args) > 4 {
		name = os.Args[4]
	}
	stopping := make(chan struct{})
	var running sync.WaitGroup
	for i := range clients {
		running.Go(func() { run(target, rpc == "AcknowledgeTextStream", fmt.Sprintf("%s-%d", name, i), stopping) })
	}
	io.Copy(io.Discard, os.Stdin)
	close(stopping)
	running.Wait()
}

func run(target string, acknowledge bool, client string, stopping <-chan struct{}) {
	seen := account{Client: client, Unknown: []int{}}
	source := make(chan *pb.TextRequest)
	go func() {
		defer close(source)
		pace := time.NewTicker(20 * time.Millisecond)
		for {
			seen.Sent++
			source <- &pb.TextRequest{Message: strconv.Itoa(seen.Sent), ClientId: client, ChannelId: 1}
			select {
			case <-pace.C:
			case <-stopping:
				return
			}
		}
	}()
	sender := textsender.Sender{
		Connect: func() (*grpc.ClientConn, error) {
			return grpc.NewClient(target, grpc.WithTransportCredentials(insecure.NewCredentials()))
		},
		Acknowledge: acknowledge,
		Unknown: func(messages []*pb.TextRequest) bool {
			for _, message := range messages {
				number, _ := strconv.Atoi(message.GetMessage())
				seen.Unknown = append(seen.Unknown, number)
			}
			return acknowledge // Twice rather than never; with the other RPC never twice.
		},
		Keep: 10_000,
	}
	var err error
	if seen.Counted, err = sender.Send(context.Background(), source); err != nil {
		log.Fatal(err)
	}
	seen.Ends = sender.Ends
	json.NewEncoder(os.Stdout).Encode(seen)
}
