package dev.safefinetune.local.api.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.safefinetune.local.api.identity.Tokens;
import dev.safefinetune.local.api.model.ApiFault;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;

/** Where every request arrives: checks the token, finds the endpoint, turns faults into answers. */
public final class Front implements HttpHandler {
    private static final System.Logger LOG = System.getLogger(Front.class.getName());

    private final String administrator;
    private final String prefix;
    private final Tokens tokens;
    private final Discovery discovery;
    private final OpenApi openApi;
    private final ResourceEndpoint resources;

    /**
     * @param administrator the bearer token that may do everything
     */
    public Front(
            String administrator, Tokens tokens, Discovery discovery, OpenApi openApi, ResourceEndpoint resources) {
        this.administrator = administrator;
        this.prefix = prefix(administrator);
        this.tokens = tokens;
        this.discovery = discovery;
        this.openApi = openApi;
        this.resources = resources;
    }

    /**
     * A path that says as much as the token: {@code kubectl} sends tokens over TLS only, but keeps to the path of its
     * server's address.
     */
    public static String prefix(String administrator) {
        return "/as/" + administrator;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        Call call = new Call(exchange, prefix);
        try {
            if (isProbe(call)) {
                call.answer(200, "text/plain", "ok".getBytes(StandardCharsets.UTF_8));
                return;
            }
            authenticate(call);
            if (!discovery.answer(call) && !openApi.answer(call)) {
                resources.answer(call);
            }
        } catch (ApiFault fault) {
            call.answer(fault.code(), fault.status());
        } catch (IOException e) {
            // The client went away; there is nobody left to answer.
            LOG.log(Level.DEBUG, "client gone: {0}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, call.method() + " " + call.path() + " failed", e);
            ApiFault fault = ApiFault.internal(String.valueOf(e.getMessage()));
            call.answer(fault.code(), fault.status());
        } finally {
            exchange.close();
        }
    }

    private static boolean isProbe(Call call) {
        return call.path().equals("/readyz")
                || call.path().equals("/livez")
                || call.path().equals("/healthz");
    }

    private void authenticate(Call call) {
        String header = call.header("Authorization");
        String token = header.startsWith("Bearer ") ? header.substring("Bearer ".length()) : "";
        if (!call.prefix().isEmpty() || Tokens.same(token, administrator)) {
            return;
        }
        String user = tokens.read(token).map(c -> c.path("sub").asText()).orElseThrow(ApiFault::unauthorized);
        throw ApiFault.forbidden("User \"" + user + "\" has no permissions in a local cluster");
    }
}
