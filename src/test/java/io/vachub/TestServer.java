package io.vachub;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.vachub.proto.TextRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.devh.boot.grpc.server.event.GrpcServerStartedEvent;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;

/** The real application on free ports, and a plaintext channel to it. */
public final class TestServer implements AutoCloseable {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final List<ManagedChannel> channels = new ArrayList<>();
  private final ConfigurableApplicationContext context;
  private int grpcPort;
  private ManagedChannel sharedChannel;

  private TestServer(List<Class<?>> beans, List<String> properties) {
    List<Class<?>> sources = new ArrayList<>(List.of(VacHubApplication.class));
    sources.addAll(beans);
    ApplicationListener<GrpcServerStartedEvent> portListener =
        event -> grpcPort = event.getServer().getPort();
    context =
        new SpringApplicationBuilder(sources.toArray(Class<?>[]::new))
            .listeners(portListener)
            .run(properties.stream().map(property -> "--" + property).toArray(String[]::new));
  }

  /** Starts the application with these properties, as {@code name=value}. */
  public static TestServer start(String... properties) {
    return new TestServer(List.of(), List.of(properties));
  }

  /** Starts it with tls.crt and tls.key of this directory, looked at ten times a second. */
  public static TestServer startWithTls(Path directory, String... properties) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "vachub.tls.certificate=" + directory.resolve("tls.crt"),
                "vachub.tls.private-key=" + directory.resolve("tls.key"),
                "vachub.tls.reload-interval=100ms"));
    all.addAll(List.of(properties));
    return start(all.toArray(String[]::new));
  }

  /** Starts it with the beans of one more class, which needs no annotation. */
  public static TestServer startWith(Class<?> beans, String... properties) {
    return new TestServer(List.of(beans), List.of(properties));
  }

  public int grpcPort() {
    return grpcPort;
  }

  public int metricsPort() {
    return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }

  public ConfigurableApplicationContext context() {
    return context;
  }

  public <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  /** A new channel, with a connection of its own, which closes with the server. */
  public ManagedChannel channel() {
    ManagedChannel channel =
        ManagedChannelBuilder.forAddress("localhost", grpcPort)
            .usePlaintext()
            .maxInboundMetadataSize(64 * 1024)
            .build();
    channels.add(channel);
    return channel;
  }

  /** One channel for all who do not need a connection of their own. */
  public synchronized ManagedChannel sharedChannel() {
    if (sharedChannel == null) {
      sharedChannel = channel();
    }
    return sharedChannel;
  }

  public String scrape() {
    return get("/actuator/prometheus").body();
  }

  public HttpResponse<String> get(String path) {
    try {
      return HTTP.send(
          HttpRequest.newBuilder(URI.create("http://localhost:" + metricsPort() + path)).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The value of the one series of this name, labels included as the page writes them. */
  public double metric(String series) {
    Matcher line =
        Pattern.compile("^" + Pattern.quote(series) + " (\\S+)$", Pattern.MULTILINE)
            .matcher(scrape());
    if (!line.find()) {
      throw new AssertionError("no series " + series);
    }
    return Double.parseDouble(line.group(1));
  }

  public static TextRequest request(String client, int number) {
    return TextRequest.newBuilder()
        .setMessage(Integer.toString(number))
        .setClientId(client)
        .setChannelId(1)
        .build();
  }

  /** Shuts the application down as SIGTERM does; the channels stay open until {@link #close}. */
  public void shutdown() {
    context.close();
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    context.close();
    for (ManagedChannel channel : channels) {
      try {
        channel.awaitTermination(5, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
