package dev.safefinetune.operator.world;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;

/** Notes what a client calls, in the words of RBAC: group/resource verb. */
public final class Calls implements Interceptor {
    private final ConcurrentSkipListSet<String> seen = new ConcurrentSkipListSet<>();
    private final ConcurrentSkipListSet<String> listedWhole = new ConcurrentSkipListSet<>();

    public SortedSet<String> seen() {
        return new TreeSet<>(seen);
    }

    /** What was listed or watched without a selector: whosever it is, and however many there are. */
    public SortedSet<String> listedWhole() {
        return new TreeSet<>(listedWhole);
    }

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        String query = String.valueOf(request.uri().getQuery());
        String call = call(request.method(), request.uri().getPath(), query.contains("watch=true"));
        seen.add(call);
        boolean many = call.endsWith(" list") || call.endsWith(" watch");
        if (many && !query.contains("labelSelector=") && !query.contains("fieldSelector=")) {
            listedWhole.add(call.substring(0, call.indexOf(' ')));
        }
    }

    private static String call(String method, String path, boolean watch) {
        List<String> parts =
                Arrays.stream(path.split("/")).filter(p -> !p.isEmpty()).toList();
        // /api/v1/… and /apis/GROUP/VERSION/…
        int head = parts.indexOf("api") >= 0 ? parts.indexOf("api") + 2 : parts.indexOf("apis") + 3;
        String group = parts.contains("apis") ? parts.get(parts.indexOf("apis") + 1) : "";
        List<String> rest = parts.subList(head, parts.size());
        if (rest.size() > 2 && rest.getFirst().equals("namespaces")) {
            rest = rest.subList(2, rest.size());
        }
        String resource = rest.getFirst() + (rest.size() > 2 ? "/" + rest.get(2) : "");
        return group + "/" + resource + " " + verb(method, rest.size() > 1, watch);
    }

    private static String verb(String method, boolean named, boolean watch) {
        return switch (method) {
            case "GET" -> watch ? "watch" : named ? "get" : "list";
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> named ? "delete" : "deletecollection";
            default -> throw new IllegalArgumentException(method);
        };
    }
}
