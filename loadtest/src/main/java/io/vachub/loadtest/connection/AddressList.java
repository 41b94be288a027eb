package io.vachub.loadtest.connection;

import io.grpc.Attributes;
import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolver.Args;
import io.grpc.NameResolver.ResolutionResult;
import io.grpc.NameResolverProvider;
import io.grpc.Status;
import io.grpc.StatusOr;
import io.vachub.loadtest.connection.Target.HostPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/**
 * Resolves {@code addresses:///host:port,host:port}, which gRPC has no resolver for. Each address
 * is asked for by its own name, unless the channel was given one for all.
 */
public final class AddressList extends NameResolverProvider {

  static final String SCHEME = "addresses";

  /** Made by gRPC, which finds this class by its name in {@code META-INF/services}. */
  public AddressList() {}

  @Override
  public NameResolver newNameResolver(URI uri, Args args) {
    return uri.getScheme().equals(SCHEME)
        ? new Resolver(Target.parse(uri.getPath().substring(1)).addresses(), args)
        : null;
  }

  @Override
  public String getDefaultScheme() {
    return SCHEME;
  }

  @Override
  protected boolean isAvailable() {
    return true;
  }

  /** Below gRPC's own, whose scheme stands where a target has none. */
  @Override
  protected int priority() {
    return 0;
  }

  private static final class Resolver extends NameResolver {

    private final List<HostPort> addresses;
    private final Args args;
    private Listener2 listener;

    Resolver(List<HostPort> addresses, Args args) {
      this.addresses = addresses;
      this.args = args;
    }

    @Override
    public String getServiceAuthority() {
      return addresses.get(0).toString();
    }

    @Override
    public void start(Listener2 listener) {
      this.listener = listener;
      refresh();
    }

    @Override
    public void refresh() {
      // Looking up a name blocks.
      args.getOffloadExecutor()
          .execute(
              () -> {
                ResolutionResult result =
                    ResolutionResult.newBuilder().setAddressesOrError(resolve()).build();
                args.getSynchronizationContext().execute(() -> listener.onResult2(result));
              });
    }

    /** What the names stand for now; a name that stands for nothing is left out. */
    private StatusOr<List<EquivalentAddressGroup>> resolve() {
      List<EquivalentAddressGroup> resolved = new ArrayList<>();
      UnknownHostException unknown = null;
      for (HostPort address : addresses) {
        Attributes attributes =
            Attributes.newBuilder()
                .set(EquivalentAddressGroup.ATTR_AUTHORITY_OVERRIDE, address.toString())
                .build();
        try {
          for (InetAddress host : InetAddress.getAllByName(address.host())) {
            InetSocketAddress socket = new InetSocketAddress(host, address.port());
            resolved.add(new EquivalentAddressGroup(socket, attributes));
          }
        } catch (UnknownHostException e) {
          unknown = e;
        }
      }
      return resolved.isEmpty()
          ? StatusOr.fromStatus(
              Status.UNAVAILABLE.withDescription("Unable to resolve host").withCause(unknown))
          : StatusOr.fromValue(resolved);
    }

    @Override
    public void shutdown() {}
  }
}
