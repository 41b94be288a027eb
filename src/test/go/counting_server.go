// The contract served by grpc-go as its examples do it: what the throughput benchmark compares with.
package main

import (
	"io"
	"log"
	"net"
	"os"

	"google.golang.org/grpc"

	pb "example.com/textsender/streaming"
)

type server struct{ pb.UnimplementedStreamerServer }

func (server) ProcessTextStream(stream pb.Streamer_ProcessTextStreamServer) error {
	var count int32
	for {
		_, err := stream.Recv()
		if err == io.EOF {
			return stream.SendAndClose(&pb.TextResponse{MessageCount: count})
		}
		if err != nil {
			return err
		}
		count++
	}
}

func (server) AcknowledgeTextStream(stream pb.Streamer_AcknowledgeTextStreamServer) error {
	var count int32
	for {
		_, err := stream.Recv()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		count++
		if err := stream.Send(&pb.TextResponse{MessageCount: count}); err != nil {
			return err
		}
	}
}

func main() {
	listener, err := net.Listen("tcp", ":"+os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	grpcServer := grpc.NewServer()
	pb.RegisterStreamerServer(grpcServer, server{})
	log.Fatal(grpcServer.Serve(listener))
}
