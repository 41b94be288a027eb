package io.vachub.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.ByteBufUtil;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** What is passed on of bytes that come in any pieces. */
class WholeFramesTest {

  private static final int HEADERS = 1;
  private static final int DATA = 0;
  private static final int CONTINUATION = 9;
  private static final int END_HEADERS = 4;
  private static final int PREFACE_BYTES = 24;

  private final HeldBytes parts = new HeldBytes(Long.MAX_VALUE);

  private EmbeddedChannel channel(FrameFormat format) {
    return new EmbeddedChannel(new WholeFrames(format, parts));
  }

  /** What it passes on of these bytes, cut at these places. */
  private static List<byte[]> passed(
      EmbeddedChannel channel, ByteBuf bytes, TreeSet<Integer> cuts) {
    int from = 0;
    cuts.add(bytes.writerIndex());
    for (int to : cuts) {
      channel.writeInbound(bytes.copy(from, to - from));
      from = to;
    }
    List<byte[]> passed = new ArrayList<>();
    for (ByteBuf part = channel.readInbound(); part != null; part = channel.readInbound()) {
      passed.add(ByteBufUtil.getBytes(part));
      part.release();
    }
    return passed;
  }

  private static byte[] all(List<byte[]> parts) {
    ByteBuf all = Unpooled.buffer();
    parts.forEach(all::writeBytes);
    return ByteBufUtil.getBytes(all);
  }

  private static void frame(ByteBuf bytes, int type, int flags, int length) {
    bytes.writeMedium(length).writeByte(type).writeByte(flags).writeInt(1).writeZero(length);
  }

  @RepeatedTest(50)
  void framesOfHttp2ArePassedWholeHoweverTheyAreCut(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    ByteBuf bytes = Unpooled.buffer().writeZero(PREFACE_BYTES);
    TreeSet<Integer> ends = new TreeSet<>();
    for (int i = 0; i < 30; i++) {
      boolean headers = random.nextInt(4) == 0;
      if (headers) {
        frame(bytes, HEADERS, 0, random.nextInt(50));
        while (random.nextBoolean()) {
          frame(bytes, CONTINUATION, 0, random.nextInt(50));
        }
        frame(bytes, CONTINUATION, END_HEADERS, random.nextInt(50));
      } else {
        frame(bytes, DATA, 0, random.nextInt(3) == 0 ? 16_384 : random.nextInt(200));
      }
      ends.add(bytes.writerIndex());
    }

    List<byte[]> passed = passed(channel(FrameFormat.HTTP2), bytes, cuts(random, bytes));

    assertThat(all(passed)).isEqualTo(ByteBufUtil.getBytes(bytes));
    int end = 0;
    for (byte[] part : passed) {
      end += part.length;
      assertThat(end <= PREFACE_BYTES || ends.contains(end)).as("passed up to %d", end).isTrue();
    }
  }

  @RepeatedTest(50)
  void recordsOfTlsArePassedWholeHoweverTheyAreCut(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    ByteBuf bytes = Unpooled.buffer();
    TreeSet<Integer> ends = new TreeSet<>();
    for (int i = 0; i < 30; i++) {
      int length = random.nextInt(3) == 0 ? 16_384 : random.nextInt(200);
      bytes.writeByte(20 + random.nextInt(4)).writeShort(0x303).writeShort(length);
      bytes.writeZero(length);
      ends.add(bytes.writerIndex());
    }

    List<byte[]> passed = passed(channel(FrameFormat.TLS), bytes, cuts(random, bytes));

    assertThat(all(passed)).isEqualTo(ByteBufUtil.getBytes(bytes));
    int end = 0;
    for (byte[] part : passed) {
      end += part.length;
      assertThat(ends).contains(end);
    }
  }

  private static TreeSet<Integer> cuts(Random random, ByteBuf bytes) {
    TreeSet<Integer> cuts = new TreeSet<>();
    int mean = 1 + random.nextInt(5_000);
    for (int at = random.nextInt(mean) + 1;
        at < bytes.writerIndex();
        at += 1 + random.nextInt(mean)) {
      cuts.add(at);
    }
    return cuts;
  }

  @Test
  void whatIsNoFrameIsPassedAtOnce() {
    ByteBuf bytes = Unpooled.buffer().writeZero(PREFACE_BYTES);
    frame(bytes, DATA, 0, 16_385);
    ByteBuf begin = bytes.readSlice(PREFACE_BYTES + 100);

    List<byte[]> passed =
        passed(channel(FrameFormat.HTTP2), begin, new TreeSet<>(List.of(PREFACE_BYTES + 4)));

    assertThat(all(passed)).hasSize(PREFACE_BYTES + 100);
  }

  @Test
  void whatIsNoTlsIsPassedAtOnce() {
    ByteBuf bytes = Unpooled.copiedBuffer("GET / HTTP/1.1\r\n", StandardCharsets.US_ASCII);

    assertThat(all(passed(channel(FrameFormat.TLS), bytes, new TreeSet<>(List.of(3)))))
        .hasSize(bytes.writerIndex());
  }

  @Test
  void headersThatNeverEndArePassedInTheEnd() {
    ByteBuf bytes = Unpooled.buffer().writeZero(PREFACE_BYTES);
    frame(bytes, HEADERS, 0, 0);
    for (int i = 0; i < 70; i++) {
      frame(bytes, CONTINUATION, 0, 16_384);
    }

    assertThat(all(passed(channel(FrameFormat.HTTP2), bytes, new TreeSet<>(List.of(1_000)))))
        .hasSizeGreaterThan(1_000_000);
  }
}
