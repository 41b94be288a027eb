package textsender

import (
	"context"
	"io"
	"maps"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"

	pb "example.com/textsender/streaming"
)

// server plays the next scene of its play for each stream, and notes what it sees.
type server struct {
	pb.UnimplementedStreamerServer
	target string

	mu       sync.Mutex
	play     []scene
	received []int
	peers    []string
	metadata []metadata.MD
	opened   chan struct{}
}

type scene func(s *server, stream grpc.ServerStream, acknowledges bool) error

func start(t *testing.T, play ...scene) *server {
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{target: listener.Addr().String(), play: play, opened: make(chan struct{}, len(play))}
	server := grpc.NewServer()
	pb.RegisterStreamerServer(server, s)
	go server.Serve(listener)
	t.Cleanup(server.Stop)
	return s
}

func (s *server) ProcessTextStream(stream grpc.ClientStreamingServer[pb.TextRequest, pb.TextResponse]) error {
	return s.run(stream, false)
}

func (s *server) AcknowledgeTextStream(stream grpc.BidiStreamingServer[pb.TextRequest, pb.TextResponse]) error {
	return s.run(stream, true)
}

func (s *server) run(stream grpc.ServerStream, acknowledges bool) error {
	client, _ := peer.FromContext(stream.Context())
	md, _ := metadata.FromIncomingContext(stream.Context())
	s.mu.Lock()
	s.peers = append(s.peers, client.Addr.String())
	s.metadata = append(s.metadata, md)
	next := s.play[0]
	s.play = s.play[1:]
	s.mu.Unlock()
	s.opened <- struct{}{}
	return next(s, stream, acknowledges)
}

// serve takes messages, all or so many, and then ends the stream: well, as a handoff, or by a status.
// It acknowledges all of them, or only so many.
type serve struct {
	handoff      string
	after        int
	acknowledged int
	status       codes.Code
}

func (as serve) play(s *server, stream grpc.ServerStream, acknowledges bool) error {
	stream.SendHeader(metadata.Pairs("vachub-pod", "pod"))
	count := 0
	for as.after == 0 || count < as.after {
		var message pb.TextRequest
		if err := stream.RecvMsg(&message); err == io.EOF {
			break
		} else if err != nil {
			return err
		}
		count++
		number, _ := strconv.Atoi(message.GetMessage())
		s.mu.Lock()
		s.received = append(s.received, number)
		s.mu.Unlock()
		if acknowledges && (as.acknowledged == 0 || count <= as.acknowledged) {
			stream.SendMsg(&pb.TextResponse{MessageCount: int32(count)})
		}
	}
	if as.status != codes.OK {
		return status.Error(as.status, "as the play has it")
	}
	if as.handoff != "" {
		stream.SetTrailer(metadata.Pairs("vachub-handoff", as.handoff, "vachub-message-count", strconv.Itoa(count)))
	}
	if !acknowledges {
		return stream.SendMsg(&pb.TextResponse{MessageCount: int32(count)})
	}
	return nil
}

func refuse(pushback string) scene {
	return func(_ *server, stream grpc.ServerStream, _ bool) error {
		stream.SetTrailer(metadata.Pairs("grpc-retry-pushback-ms", pushback))
		return status.Error(codes.ResourceExhausted, "refused")
	}
}

func sender(s *server, acknowledge bool) *Sender {
	return &Sender{
		Connect: func() (*grpc.ClientConn, error) {
			return grpc.NewClient(s.target, grpc.WithTransportCredentials(insecure.NewCredentials()))
		},
		Acknowledge: acknowledge,
		Unknown:     func([]*pb.TextRequest) bool { return true },
		Keep:        100,
	}
}

// numbers gives those from first to last, and closes the source.
func numbers(first, last int) <-chan *pb.TextRequest {
	source := make(chan *pb.TextRequest)
	go func() {
		defer close(source)
		give(source, first, last)
	}()
	return source
}

func give(source chan<- *pb.TextRequest, first, last int) {
	for number := first; number <= last; number++ {
		source <- &pb.TextRequest{Message: strconv.Itoa(number)}
	}
}

func ints(first, last int) (all []int) {
	for number := first; number <= last; number++ {
		all = append(all, number)
	}
	return all
}

func expect[T any](t *testing.T, what string, equal func(T, T) bool, expected, actual T) {
	t.Helper()
	if !equal(expected, actual) {
		t.Errorf("%s: %v (expected: %v)", what, actual, expected)
	}
}

func same[T comparable](a, b T) bool { return a == b }

func each(t *testing.T, test func(t *testing.T, acknowledge bool)) {
	for _, acknowledge := range []bool{true, false} {
		t.Run("acknowledge="+strconv.FormatBool(acknowledge), func(t *testing.T) { test(t, acknowledge) })
	}
}

func TestGoesOnAfterAHandoff(t *testing.T) {
	each(t, func(t *testing.T, acknowledge bool) {
		s := start(t, serve{handoff: "age", after: 3}.play, serve{handoff: "rebalance", after: 3}.play, serve{}.play)
		sender := sender(s, acknowledge)
		counted, err := sender.Send(context.Background(), numbers(1, 10))
		expect(t, "error", same, nil, err)
		expect(t, "counted", same, 10, counted)
		expect(t, "ends", maps.Equal, map[string]int{"age": 1, "rebalance": 1, "completed": 1}, sender.Ends)
		expect(t, "received", slices.Equal, ints(1, 10), s.received)
		expect(t, "header", slices.Equal, []string{"accept"}, s.metadata[0].Get("vachub-handoff"))
		expect(t, "connection after age", same, s.peers[0], s.peers[1])
		if s.peers[1] == s.peers[2] {
			t.Error("the same connection after rebalance")
		}
	})
}

func TestGoesOnThoughItsSourceIsSilent(t *testing.T) {
	each(t, func(t *testing.T, acknowledge bool) {
		s := start(t, serve{handoff: "drain", after: 1}.play, serve{}.play)
		source := make(chan *pb.TextRequest)
		go func() {
			defer close(source)
			give(source, 1, 1)
			<-s.opened
			<-s.opened
			give(source, 2, 3)
		}()
		counted, err := sender(s, acknowledge).Send(context.Background(), source)
		expect(t, "error", same, nil, err)
		expect(t, "counted", same, 3, counted)
		expect(t, "received", slices.Equal, ints(1, 3), s.received)
	})
}

func TestTriesAgainOnANewConnectionWhenRefused(t *testing.T) {
	each(t, func(t *testing.T, acknowledge bool) {
		s := start(t, refuse("0"), refuse("20"), serve{}.play)
		sender := sender(s, acknowledge)
		counted, err := sender.Send(context.Background(), numbers(1, 3))
		expect(t, "error", same, nil, err)
		expect(t, "counted", same, 3, counted)
		expect(t, "ends", maps.Equal, map[string]int{"refused": 2, "completed": 1}, sender.Ends)
		for i, md := range s.metadata {
			expect(t, "attempt", slices.Equal, []string{strconv.Itoa(i)}, md.Get("vachub-attempt"))
		}
		slices.Sort(s.peers)
		expect(t, "connections", same, 3, len(slices.Compact(s.peers)))
		expect(t, "received", slices.Equal, ints(1, 3), s.received)
	})
}

func TestAsksWhatToDoWithWhatIsUnknownAfterACut(t *testing.T) {
	each(t, func(t *testing.T, acknowledge bool) {
		for _, again := range []bool{true, false} {
			s := start(t, serve{after: 6, acknowledged: 4, status: codes.Unavailable}.play, serve{}.play)
			source := make(chan *pb.TextRequest)
			go func() {
				defer close(source)
				give(source, 1, 6)
				<-s.opened
				<-s.opened
				give(source, 7, 7)
			}()
			var unknown []int
			sender := sender(s, acknowledge)
			sender.Unknown = func(messages []*pb.TextRequest) bool {
				for _, message := range messages {
					number, _ := strconv.Atoi(message.GetMessage())
					unknown = append(unknown, number)
				}
				return again
			}
			counted, err := sender.Send(context.Background(), source)
			expect(t, "error", same, nil, err)
			first := 1
			if acknowledge {
				first = 5
			}
			expect(t, "unknown", slices.Equal, ints(first, 6), unknown)
			expect(t, "ends", maps.Equal, map[string]int{"cut": 1, "completed": 1}, sender.Ends)
			var resent []int
			if again {
				resent = unknown
			}
			expect(t, "received", slices.Equal, append(append(ints(1, 6), resent...), 7), s.received)
			expect(t, "counted", same, first+len(resent), counted)
		}
	})
}

func TestKeepsTheOrderOfWhatItSendsAgain(t *testing.T) {
	each(t, func(t *testing.T, acknowledge bool) {
		s := start(t, serve{after: 20, acknowledged: 4, status: codes.Unavailable}.play,
			serve{handoff: "age", after: 1}.play, serve{}.play)
		source := make(chan *pb.TextRequest)
		go func() {
			defer close(source)
			// More than is on its way at a time, so that some is sent again and some is not yet.
			padding := strings.Repeat("x", 100_000)
			for _, number := range ints(1, 20) {
				source <- &pb.TextRequest{Message: strconv.Itoa(number), ClientId: padding}
			}
		}()
		_, err := sender(s, acknowledge).Send(context.Background(), source)
		expect(t, "error", same, nil, err)
		first := 1
		if acknowledge {
			first = 5
		}
		expect(t, "received", slices.Equal, append(ints(1, 20), ints(first, 20)...), s.received)
	})
}

func TestHearsTheCountBeforeItKeepsTooMany(t *testing.T) {
	each(t, func(t *testing.T, acknowledge bool) {
		s := start(t, serve{}.play, serve{}.play, serve{}.play)
		sender := sender(s, acknowledge)
		sender.Keep = 4
		counted, err := sender.Send(context.Background(), numbers(1, 10))
		expect(t, "error", same, nil, err)
		expect(t, "counted", same, 10, counted)
		streams := 3
		if acknowledge {
			streams = 1
		}
		expect(t, "ends", maps.Equal, map[string]int{"completed": streams}, sender.Ends)
		expect(t, "received", slices.Equal, ints(1, 10), s.received)
	})
}

func TestReturnsWhatAnotherAttemptDoesNotMend(t *testing.T) {
	each(t, func(t *testing.T, acknowledge bool) {
		for code, scene := range map[codes.Code]scene{
			codes.InvalidArgument:   serve{after: 2, status: codes.InvalidArgument}.play,
			codes.ResourceExhausted: refuse("-1"),
		} {
			_, err := sender(start(t, scene), acknowledge).Send(context.Background(), numbers(1, 2))
			expect(t, "error", same, code, status.Code(err))
		}
	})
}

func TestEndsWithItsContext(t *testing.T) {
	each(t, func(t *testing.T, acknowledge bool) {
		s := start(t, serve{}.play)
		ctx, cancel := context.WithCancel(context.Background())
		go func() {
			<-s.opened
			cancel()
		}()
		_, err := sender(s, acknowledge).Send(ctx, make(chan *pb.TextRequest))
		expect(t, "error", same, context.Canceled, err)
	})
}
