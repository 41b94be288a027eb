// Package textsender sends texts that need never end over streams that a server may move, and keeps
// the account.
//
// To be copied, beside what protoc makes of streaming.proto. What a client must do, and why:
// proto/README.md.
package textsender

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	pb "example.com/textsender/streaming"
)

const (
	minBackOff = 100 * time.Millisecond
	maxBackOff = 10 * time.Second
)

// The statuses of a stream that was cut. The caller must handle any other failure.
var cut = []codes.Code{codes.Unavailable, codes.Canceled, codes.Internal, codes.Unknown}

// Sender sends messages, one stream after another.
type Sender struct {
	// Connect returns a new connection.
	Connect func() (*grpc.ClientConn, error)

	// Acknowledge says whether to send by AcknowledgeTextStream rather than by ProcessTextStream.
	Acknowledge bool

	// Unknown is called after a cut with the messages of which nobody knows whether they were
	// counted. It returns whether to send them again: then they may be counted twice, else not at all.
	Unknown func([]*pb.TextRequest) bool

	// Keep is how many messages may be kept because they are not counted yet. Then
	// AcknowledgeTextStream waits; ProcessTextStream ends its stream to get the count, and opens
	// another.
	Keep int

	// Ends is how many streams ended in which way.
	Ends map[string]int

	mu       sync.Mutex
	counted  int               // messages that the servers counted
	answered int               // those of the stream that is open
	sent     []*pb.TextRequest // the messages on it that were not counted yet
	unsent   []*pb.TextRequest

	sourceEnded bool
	renew       bool // whether the next stream needs a new connection
	refused     int  // in a row
	failed      int  // in a row
}

// Send sends what comes by source, until that is closed. It returns how many messages were counted,
// and the failure that another attempt does not mend, or that of ctx.
func (s *Sender) Send(ctx context.Context, source <-chan *pb.TextRequest) (int, error) {
	s.Ends = map[string]int{}
	conn, err := s.Connect()
	if err != nil {
		return 0, err
	}
	defer func() { conn.Close() }()
	for !s.isOver() {
		end := s.runStream(ctx, conn, source)
		if ctx.Err() != nil {
			return s.counted, ctx.Err()
		}
		wait, err := s.after(end)
		if err != nil {
			return s.counted, err
		}
		if s.renew {
			s.renew = false
			conn.Close()
			if conn, err = s.Connect(); err != nil {
				return s.counted, err
			}
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
		}
	}
	return s.counted, nil
}

func (s *Sender) isOver() bool {
	return s.sourceEnded && len(s.sent)+len(s.unsent) == 0
}

func (s *Sender) isFull() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sent)+len(s.unsent) >= s.Keep
}

type end struct {
	status          *status.Status
	header, trailer metadata.MD
}

func (s *Sender) runStream(ctx context.Context, conn *grpc.ClientConn, source <-chan *pb.TextRequest) end {
	ctx, cancel := context.WithCancel(metadata.AppendToOutgoingContext(
		ctx, "vachub-handoff", "accept", "vachub-attempt", strconv.Itoa(s.refused)))
	defer cancel()
	stream, err := s.open(ctx, conn)
	if err != nil {
		return end{status: status.Convert(err)}
	}
	header, _ := stream.Header()
	answered := make(chan struct{}, 1)
	over := make(chan struct{})
	go func() {
		defer close(over)
		err = s.receive(stream, answered)
	}()
	// If the server refuses, the fate of a message sent before is unknown.
	if isAccepted(header) {
		s.write(stream, source, answered, over)
	}
	<-over
	return end{status.Convert(err), header, stream.Trailer()}
}

func (s *Sender) open(ctx context.Context, conn *grpc.ClientConn) (grpc.ClientStream, error) {
	if s.Acknowledge {
		return pb.NewStreamerClient(conn).AcknowledgeTextStream(ctx)
	}
	return pb.NewStreamerClient(conn).ProcessTextStream(ctx)
}

// receive takes the answers in, and returns how the stream ended.
func (s *Sender) receive(stream grpc.ClientStream, answered chan<- struct{}) error {
	for {
		var answer pb.TextResponse
		if err := stream.RecvMsg(&answer); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		s.mu.Lock()
		s.answer(int(answer.GetMessageCount()))
		s.mu.Unlock()
		if !s.Acknowledge {
			return nil
		}
		select {
		case answered <- struct{}{}:
		default: // It has not looked at the one before.
		}
	}
}

// write sends messages until there are no more, or the stream is over.
func (s *Sender) write(stream grpc.ClientStream, source <-chan *pb.TextRequest, answered, over <-chan struct{}) {
	for {
		if message := s.next(); message != nil {
			if stream.SendMsg(message) != nil {
				return
			}
			continue
		}
		full := s.isFull()
		if s.sourceEnded || full && !s.Acknowledge {
			stream.CloseSend()
			return
		}
		from := source
		if full {
			from = nil
		}
		select {
		case message, ok := <-from:
			if ok {
				s.unsent = append(s.unsent, message)
			}
			s.sourceEnded = !ok
		case <-answered:
		case <-over:
			return
		}
	}
}

// next moves the next message to those sent, if there is one.
func (s *Sender) next() *pb.TextRequest {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.unsent) == 0 {
		return nil
	}
	message := s.unsent[0]
	s.unsent = s.unsent[1:]
	s.sent = append(s.sent, message)
	return message
}

// answer records that so many messages of the open stream were counted.
func (s *Sender) answer(count int) {
	s.sent = s.sent[count-s.answered:]
	s.counted += count - s.answered
	s.answered = count
}

// after handles the end of a stream, and returns how long to wait before the next.
func (s *Sender) after(end end) (time.Duration, error) {
	if !isAccepted(end.header) {
		return s.afterRefusal(end)
	}
	code := end.status.Code()
	if count, ok := number(end.trailer, "vachub-message-count"); ok {
		s.answer(count)
	} else if code != codes.OK && len(s.sent) > 0 && !s.Unknown(slices.Clone(s.sent)) {
		s.sent = nil
	}
	s.unsent = append(s.sent, s.unsent...)
	s.sent = nil
	progress := s.answered > 0
	s.answered, s.refused = 0, 0
	if progress {
		s.failed = 0
	}

	if reason := end.trailer.Get("vachub-handoff"); reason != nil {
		s.Ends[reason[0]]++
		s.renew = reason[0] == "rebalance"
		return 0, nil
	}
	if code == codes.OK {
		s.Ends["completed"]++
		if progress {
			return 0, nil
		}
		return s.backOff(), nil
	}
	s.Ends["cut"]++
	if !slices.Contains(cut, code) {
		return 0, end.status.Err()
	}
	slog.Warn("stream was cut", "status", end.status)
	return s.backOff(), nil
}

// afterRefusal handles the end of a stream for which no response header was received.
func (s *Sender) afterRefusal(end end) (time.Duration, error) {
	pushback := end.trailer.Get("grpc-retry-pushback-ms")
	millis, ok := number(end.trailer, "grpc-retry-pushback-ms")
	switch {
	case end.status.Code() == codes.Unavailable:
		slog.Warn("no stream", "status", end.status)
		return s.backOff(), nil
	case end.status.Code() != codes.ResourceExhausted || pushback != nil && (!ok || millis < 0):
		return 0, end.status.Err()
	}
	s.Ends["refused"]++
	s.refused++
	s.renew = true // A balancer may keep a connection's streams on the pod that refuses.
	if pushback == nil {
		return s.backOff(), nil
	}
	return time.Duration(millis) * time.Millisecond, nil
}

func (s *Sender) backOff() time.Duration {
	most := min(maxBackOff, minBackOff<<s.failed)
	s.failed = min(s.failed+1, 10)
	return rand.N(most)
}

func isAccepted(header metadata.MD) bool {
	return header.Get("vachub-pod") != nil
}

func number(md metadata.MD, key string) (int, bool) {
	values := md.Get(key)
	if values == nil {
		return 0, false
	}
	n, err := strconv.Atoi(values[0])
	return n, err == nil
}
