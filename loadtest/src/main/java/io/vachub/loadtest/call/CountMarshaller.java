package io.vachub.loadtest.call;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** Reads only the count of each answer. */
final class CountMarshaller implements MethodDescriptor.Marshaller<Long> {

  private final int[] path;

  /** The count is in the field of this number, or within messages; with no number there is none. */
  CountMarshaller(List<Integer> path) {
    this.path = path.stream().mapToInt(Integer::intValue).toArray();
  }

  @Override
  public InputStream stream(Long value) {
    throw new UnsupportedOperationException("a client sends no answer");
  }

  @Override
  public Long parse(InputStream answer) {
    if (path.length == 0) {
      return 0L;
    }
    try {
      return count(CodedInputStream.newInstance(answer), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long count(CodedInputStream in, int depth) throws IOException {
    long count = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      boolean wanted = WireFormat.getTagFieldNumber(tag) == path[depth];
      boolean last = depth == path.length - 1;
      int type = WireFormat.getTagWireType(tag);
      if (wanted && last && type == WireFormat.WIRETYPE_VARINT) {
        count = in.readRawVarint64();
      } else if (wanted && last && type == WireFormat.WIRETYPE_FIXED64) {
        count = in.readRawLittleEndian64();
      } else if (wanted && last && type == WireFormat.WIRETYPE_FIXED32) {
        count = in.readRawLittleEndian32();
      } else if (wanted && !last && type == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
        int limit = in.pushLimit(in.readRawVarint32());
        count = count(in, depth + 1);
        in.popLimit(limit);
      } else {
        in.skipField(tag);
      }
    }
    return count;
  }
}
