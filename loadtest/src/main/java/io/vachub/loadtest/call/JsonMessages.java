package io.vachub.loadtest.call;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import io.vachub.loadtest.call.Patch.Encoding;
import io.vachub.loadtest.call.Patch.Value;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Messages from JSON with placeholders: <code>{{n}}</code>, <code>{{now}}</code> and <code>
 * {{random}}</code> change with each message and are patched into its encoded bytes; <code>
 * {{stream}}</code> and <code>{{client}}</code> are the same for a whole stream.
 */
public final class JsonMessages implements Messages.Source {

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(\\w+)}}");
  private static final Pattern CHANGING = Pattern.compile("\\{\\{(n|now|random)}}");
  private static final int DIGITS = 12;
  private static final int NOW_DIGITS = 13;
  private static final int MARKER_TRIES = 20;

  private final Descriptor type;
  private final JsonFormat.Parser parser;
  private final List<String> lines;
  private final boolean alike;
  private final RandomGenerator random = new java.util.Random(1);
  private final List<Message> first;

  /**
   * Messages of this type, one for each line.
   *
   * @throws IllegalArgumentException saying what is wrong with which line
   */
  public JsonMessages(Descriptor type, List<String> lines) {
    this.type = type;
    this.parser =
        JsonFormat.parser().usingTypeRegistry(TypeRegistry.newBuilder().add(type).build());
    this.lines = lines.stream().map(JsonMessages::quoted).toList();
    this.alike =
        this.lines.stream().noneMatch(l -> l.contains("{{stream}}") || l.contains("{{client}}"));
    this.first = messages(0, "client");
  }

  @Override
  public synchronized Messages forStream(int stream, int channel, String client) {
    return new Messages(
        alike ? first.stream().map(Message::another).toList() : messages(stream, client));
  }

  private List<Message> messages(int stream, String client) {
    List<Message> messages = new ArrayList<>();
    for (String line : lines) {
      String own = line.replace("{{stream}}", "" + stream).replace("{{client}}", client);
      try {
        messages.add(message(own));
      } catch (JsonParseException | InvalidProtocolBufferException | IllegalStateException e) {
        throw new IllegalArgumentException(
            "%s (expected: JSON of %s: %s)".formatted(line, type.getFullName(), e.getMessage()), e);
      }
    }
    return messages;
  }

  /** Placeholders for numbers may be written without quotes. */
  private static String quoted(String json) {
    StringBuilder quoted = new StringBuilder();
    boolean inString = false;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (inString && c == '\\') {
        quoted.append(c).append(i + 1 < json.length() ? json.charAt(++i) : "");
        continue;
      }
      if (c == '"') {
        inString = !inString;
      }
      Matcher placeholder = PLACEHOLDER.matcher(json).region(i, json.length());
      if (!inString && c == '{' && placeholder.lookingAt()) {
        quoted.append('"').append(placeholder.group()).append('"');
        i = placeholder.end() - 1;
      } else {
        quoted.append(c);
      }
    }
    return quoted.toString();
  }

  /** Encodes the message with a marker in each place, and finds the markers in the bytes. */
  private Message message(String json) throws InvalidProtocolBufferException {
    JsonElement tree = JsonParser.parseString(json);
    for (int tries = 0; tries < MARKER_TRIES; tries++) {
      List<Marker> markers = new ArrayList<>();
      String marked = mark(tree, type, null, markers).toString();
      DynamicMessage.Builder builder = DynamicMessage.newBuilder(type);
      parser.merge(marked, builder);
      byte[] bytes = builder.build().toByteArray();
      List<Patch> patches = new ArrayList<>();
      for (Marker marker : markers) {
        int at = indexOf(bytes, marker.bytes, 0);
        if (at >= 0 && indexOf(bytes, marker.bytes, at + 1) < 0) {
          patches.add(new Patch(marker.value, marker.encoding, at, marker.bytes.length));
        }
      }
      if (patches.size() == markers.size()) {
        return new Message(bytes, patches);
      }
    }
    throw new IllegalStateException("a placeholder stands where no number can");
  }

  private JsonElement mark(
      JsonElement element, Descriptor message, FieldDescriptor field, List<Marker> markers) {
    if (element instanceof JsonObject object) {
      JsonObject marked = new JsonObject();
      object
          .entrySet()
          .forEach(
              entry -> {
                FieldDescriptor inner = inner(message, field, entry.getKey());
                boolean holdsMessage =
                    inner != null && inner.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
                marked.add(
                    entry.getKey(),
                    mark(
                        entry.getValue(),
                        holdsMessage ? inner.getMessageType() : null,
                        inner,
                        markers));
              });
      return marked;
    }
    if (element instanceof JsonArray array) {
      JsonArray marked = new JsonArray();
      array.forEach(one -> marked.add(mark(one, message, field, markers)));
      return marked;
    }
    if (element instanceof JsonPrimitive primitive && primitive.isString()) {
      return new JsonPrimitive(mark(primitive.getAsString(), field, markers));
    }
    return element;
  }

  /** The field of this name; within a map its values. */
  private static FieldDescriptor inner(Descriptor message, FieldDescriptor field, String name) {
    if (message == null) {
      return null;
    }
    if (field != null && field.isMapField()) {
      return message.findFieldByName("value");
    }
    return message.getFields().stream()
        .filter(f -> f.getJsonName().equals(name) || f.getName().equals(name))
        .findFirst()
        .orElse(null);
  }

  private String mark(String text, FieldDescriptor field, List<Marker> markers) {
    Matcher whole = CHANGING.matcher(text);
    if (field != null && whole.matches()) {
      Value value = value(whole.group(1));
      Marker marker = number(value, scalar(field));
      if (marker != null) {
        markers.add(marker);
        return marker.text;
      }
    }
    Matcher unknown = PLACEHOLDER.matcher(text);
    while (unknown.find()) {
      if (!CHANGING.matcher(unknown.group()).matches()) {
        throw new IllegalStateException(
            unknown.group() + " is none of {{n}}, {{now}}, {{random}}, {{stream}}, {{client}}");
      }
    }
    return CHANGING
        .matcher(text)
        .replaceAll(
            placeholder -> {
              Marker marker = decimal(value(placeholder.group(1)));
              markers.add(marker);
              return marker.text;
            });
  }

  /** The field itself, or the one that a wrapper such as Int64Value wraps. */
  private static FieldDescriptor scalar(FieldDescriptor field) {
    boolean wrapper =
        field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
            && field.getMessageType().getFullName().matches("google\\.protobuf\\.\\w+Value")
            && field.getMessageType().getFields().size() == 1;
    return wrapper ? field.getMessageType().findFieldByNumber(1) : field;
  }

  private static Value value(String name) {
    return Value.valueOf(name.toUpperCase(Locale.ROOT));
  }

  private Marker decimal(Value value) {
    int digits = value == Value.NOW ? NOW_DIGITS : DIGITS;
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < digits; i++) {
      text.append((char) ('0' + random.nextInt(10)));
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.US_ASCII);
    return new Marker(text.toString(), bytes, value, Encoding.DECIMAL);
  }

  /** A number that takes up as many bytes as any; null where the field holds no number. */
  private Marker number(Value value, FieldDescriptor field) {
    long small = random.nextLong(1L << 28, 1L << 29);
    long large = random.nextLong(1L << 56, 1L << 57);
    return switch (field.getType()) {
      case INT32, UINT32 -> marker(small, value, Encoding.VARINT, o -> o.writeUInt64NoTag(small));
      case SINT32 -> marker(small, value, Encoding.ZIGZAG, o -> o.writeSInt32NoTag((int) small));
      case INT64, UINT64 -> marker(large, value, Encoding.VARINT, o -> o.writeUInt64NoTag(large));
      case SINT64 -> marker(large, value, Encoding.ZIGZAG, o -> o.writeSInt64NoTag(large));
      case FIXED32, SFIXED32 ->
          marker(small, value, Encoding.FIXED, o -> o.writeFixed32NoTag((int) small));
      case FIXED64, SFIXED64 ->
          marker(large, value, Encoding.FIXED, o -> o.writeFixed64NoTag(large));
      case DOUBLE -> marker(small, value, Encoding.FLOATING, o -> o.writeDoubleNoTag(small));
      case FLOAT -> {
        long exact = small & ~0x3fL;
        yield marker(exact, value, Encoding.FLOATING, o -> o.writeFloatNoTag(exact));
      }
      default -> null;
    };
  }

  private interface Encoder {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  private static Marker marker(long number, Value value, Encoding encoding, Encoder encoder) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      encoder.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Marker(Long.toString(number), bytes.toByteArray(), value, encoding);
  }

  private static int indexOf(byte[] bytes, byte[] wanted, int from) {
    for (int i = from; i + wanted.length <= bytes.length; i++) {
      if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i;
      }
    }
    return -1;
  }

  /** Replaces a number until its position is known. */
  private static final class Marker {
    private final String text;
    private final byte[] bytes;
    private final Value value;
    private final Encoding encoding;

    Marker(String text, byte[] bytes, Value value, Encoding encoding) {
      this.text = text;
      this.bytes = bytes;
      this.value = value;
      this.encoding = encoding;
    }
  }
}
