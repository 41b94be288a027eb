package io.vachub.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.awaitility.Awaitility;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.json.JsonMapper;

/**
 * A real Kubernetes API server with nothing behind it but etcd: it validates, defaults and stores.
 */
final class ApiServer implements AutoCloseable {

  private static final String TOKEN = "test";

  private final Path directory;
  private final int port = freePort();
  private final List<Process> processes = new ArrayList<>();
  private final HttpClient client;

  /**
   * Starts {@code etcd} and {@code kube-apiserver} from the folder {@code KUBEBUILDER_ASSETS}, and
   * teaches them the custom resources of the folder {@code CRDS_DIR}, which {@code
   * .ci/custom-resources} makes.
   */
  ApiServer(Path directory) throws IOException, GeneralSecurityException {
    Path assets = Path.of(System.getenv("KUBEBUILDER_ASSETS"));
    this.directory = directory;
    String etcd = "http://127.0.0.1:" + freePort();
    start(
        assets.resolve("etcd"),
        "--data-dir=" + directory.resolve("etcd"),
        "--listen-client-urls=" + etcd,
        "--advertise-client-urls=" + etcd,
        "--listen-peer-urls=http://127.0.0.1:" + freePort(),
        "--unsafe-no-fsync");
    Path key = writeKey();
    Path tokens =
        Files.writeString(directory.resolve("tokens.csv"), TOKEN + ",admin,1,system:masters\n");
    start(
        assets.resolve("kube-apiserver"),
        "--etcd-servers=" + etcd,
        "--cert-dir=" + directory,
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        "--endpoint-reconciler-type=none",
        "--secure-port=" + port,
        "--service-cluster-ip-range=10.0.0.0/24,fd00::/112",
        "--service-account-issuer=https://127.0.0.1",
        "--service-account-key-file=" + key,
        "--service-account-signing-key-file=" + key,
        "--token-auth-file=" + tokens,
        "--authorization-mode=RBAC",
        "--allow-privileged=true");
    Path certificate = directory.resolve("apiserver.crt");
    await(() -> Files.exists(certificate));
    client = HttpClient.newBuilder().sslContext(trusting(certificate)).build();
    await(() -> get("/readyz").statusCode() == 200);
    try (Stream<Path> files = Files.list(Path.of(System.getenv("CRDS_DIR")))) {
      for (Path file : files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList()) {
        define(Files.readString(file));
      }
    } catch (AssertionError | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void define(String definition) {
    created(post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition));
    Map<String, Object> spec =
        Manifests.asMap(new Yaml().<Map<String, Object>>load(definition).get("spec"));
    String version = JsonPath.<List<String>>read(spec, "$.versions[?(@.served)].name").get(0);
    String plural = JsonPath.read(spec, "$.names.plural");
    String resources = "/apis/%s/%s/%s".formatted(spec.get("group"), version, plural);
    await(() -> get(resources).statusCode() == 200);
  }

  /** A namespace with what a controller elsewhere would put in. */
  void createNamespace(String name, String... labels) {
    created(
        post(
            "/api/v1/namespaces",
            "{apiVersion: v1, kind: Namespace, metadata: {name: %s, labels: {%s}}}"
                .formatted(name, String.join(", ", labels))));
    created(
        post(
            "/api/v1/namespaces/%s/serviceaccounts".formatted(name),
            "{apiVersion: v1, kind: ServiceAccount, metadata: {name: default}}"));
  }

  /** Validates and admits an object, given as JSON, and stores nothing. */
  HttpResponse<String> dryRun(String namespace, String object) {
    return post(
        path(namespace, JsonPath.read(object, "$")) + "?dryRun=All&fieldValidation=Strict", object);
  }

  /** Applies an object on the server's side, as Argo CD and Flux do. */
  HttpResponse<String> apply(String namespace, Map<String, Object> object, String query) {
    return patch(
        path(namespace, object)
            + "/"
            + JsonPath.read(object, "$.metadata.name")
            + "?fieldManager=test&force=true&fieldValidation=Strict"
            + query,
        "application/apply-patch+yaml",
        JsonMapper.shared().writeValueAsString(object));
  }

  /** Does to an object what an autoscaler does. */
  HttpResponse<String> scale(String namespace, Map<String, Object> object, int replicas) {
    return patch(
        path(namespace, object) + "/" + JsonPath.read(object, "$.metadata.name") + "/scale",
        "application/merge-patch+json",
        "{\"spec\": {\"replicas\": %d}}".formatted(replicas));
  }

  private HttpResponse<String> patch(String path, String type, String body) {
    return send(
        request(path)
            .header("Content-Type", type)
            .method("PATCH", HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  /** The object of the same kind and name, as it is stored. */
  Map<String, Object> getObject(String namespace, Map<String, Object> object) {
    String name = JsonPath.read(object, "$.metadata.name");
    return JsonPath.read(get(path(namespace, object) + "/" + name).body(), "$");
  }

  /** What Helm has put there of the same kind. */
  List<Object> list(String namespace, Map<String, Object> object) {
    return JsonPath.read(
        get(path(namespace, object) + "?labelSelector=app.kubernetes.io/managed-by%3DHelm").body(),
        "$.items");
  }

  private static String path(String namespace, Map<String, Object> object) {
    String apiVersion = (String) object.get("apiVersion");
    String kind = ((String) object.get("kind")).toLowerCase(Locale.ROOT);
    return (apiVersion.contains("/") ? "/apis/" : "/api/")
        + "%s/namespaces/%s/%s".formatted(apiVersion, namespace, plural(kind));
  }

  private static String plural(String kind) {
    if (kind.endsWith("policy")) {
      return kind.substring(0, kind.length() - 1) + "ies";
    }
    return kind.equals("ingress") ? "ingresses" : kind.endsWith("s") ? kind : kind + "s";
  }

  static void created(HttpResponse<String> response) {
    assertThat(response.statusCode()).as("%s", response.body()).isEqualTo(201);
  }

  /** Waits for as long as both programs live. */
  private void await(Callable<Boolean> ready) {
    try {
      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .ignoreExceptions()
          .failFast("ended early", () -> !processes.stream().allMatch(Process::isAlive))
          .until(ready);
    } catch (RuntimeException e) {
      close();
      throw new IllegalStateException("no API server; see its log in " + directory, e);
    }
  }

  HttpResponse<String> get(String path) {
    return send(request(path).GET().build());
  }

  HttpResponse<String> post(String path, String yaml) {
    return send(
        request(path)
            .header("Content-Type", "application/yaml")
            .POST(HttpRequest.BodyPublishers.ofString(yaml))
            .build());
  }

  String kubeConfig() {
    return """
        apiVersion: v1
        kind: Config
        clusters:
          - name: test
            cluster: {server: "https://127.0.0.1:%d", insecure-skip-tls-verify: true}
        users:
          - {name: test, user: {token: %s}}
        contexts:
          - {name: test, context: {cluster: test, user: test}}
        current-context: test
        """
        .formatted(port, TOKEN);
  }

  @Override
  public void close() {
    for (int i = processes.size() - 1; i >= 0; i--) {
      processes.get(i).destroy();
      processes.get(i).onExit().orTimeout(20, TimeUnit.SECONDS).join();
    }
  }

  private void start(Path program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    processes.add(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve(program.getFileName() + ".log").toFile())
            .start());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path))
        .header("Authorization", "Bearer " + TOKEN);
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Path writeKey() throws IOException, GeneralSecurityException {
    byte[] key = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate().getEncoded();
    String pem =
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(key)
            + "\n-----END PRIVATE KEY-----\n";
    return Files.writeString(directory.resolve("service-account.key"), pem);
  }

  private static SSLContext trusting(Path certificate)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(certificate)) {
      int i = 0;
      for (var trusted : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("server-" + i++, trusted);
      }
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
