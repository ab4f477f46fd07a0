package dev.safefinetune.local.runner;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The environment of a container's process. */
final class Environment {
    /** What a program needs to run at all on this machine; nothing else of this process's environment is passed on. */
    private static final List<String> OF_THE_MACHINE = List.of("PATH", "HOME", "LANG", "LC_ALL", "JAVA_HOME", "USER");

    private static final Pattern REFERENCE = Pattern.compile("\\$\\(([A-Za-z_][A-Za-z0-9_]*)\\)");

    private static final Pattern SUBSCRIPT = Pattern.compile("metadata\\.(annotations|labels)\\['([^']+)'\\]");

    private final KubernetesClient client;

    Environment(KubernetesClient client) {
        this.client = client;
    }

    Map<String, String> of(Pod pod, Container container, LocalImage image, PodDirectory directory)
            throws MountException {
        Map<String, String> all = new HashMap<>();
        for (String name : OF_THE_MACHINE) {
            String value = System.getenv(name);
            if (value != null) {
                all.put(name, value);
            }
        }
        all.putAll(image.environment());
        all.put("HOSTNAME", pod.getMetadata().getName());
        Path root = directory.root(container);
        all.put("CONTAINER_ROOT", root.toString());
        for (EnvVar each : container.getEnv()) {
            String value = each.getValueFrom() == null
                    ? expand(each.getValue() == null ? "" : each.getValue(), all)
                    : value(pod, each.getValueFrom());
            if (value != null) {
                all.put(each.getName(), value);
            }
        }
        return all;
    }

    /** Replaces {@code $(NAME)} where there is such a variable. */
    static String expand(String text, Map<String, String> variables) {
        return REFERENCE
                .matcher(text)
                .replaceAll(m -> Matcher.quoteReplacement(variables.getOrDefault(m.group(1), m.group())));
    }

    private @Nullable String value(Pod pod, EnvVarSource source) throws MountException {
        String namespace = pod.getMetadata().getNamespace();
        if (source.getFieldRef() != null) {
            return field(pod, source.getFieldRef().getFieldPath());
        }
        if (source.getConfigMapKeyRef() != null) {
            var reference = source.getConfigMapKeyRef();
            var map = client.configMaps()
                    .inNamespace(namespace)
                    .withName(reference.getName())
                    .get();
            String found =
                    map == null || map.getData() == null ? null : map.getData().get(reference.getKey());
            return required(found, reference.getOptional(), "configmap", reference.getName(), reference.getKey());
        }
        if (source.getSecretKeyRef() != null) {
            var reference = source.getSecretKeyRef();
            var secret = client.secrets()
                    .inNamespace(namespace)
                    .withName(reference.getName())
                    .get();
            String found = secret == null || secret.getData() == null
                    ? null
                    : secret.getData().get(reference.getKey());
            String text = found == null ? null : new String(Base64.getDecoder().decode(found), StandardCharsets.UTF_8);
            return required(text, reference.getOptional(), "secret", reference.getName(), reference.getKey());
        }
        throw new MountException("an environment variable has a source that a local cluster does not have");
    }

    private static @Nullable String required(
            @Nullable String value, @Nullable Boolean optional, String kind, String name, String key)
            throws MountException {
        if (value == null && !Boolean.TRUE.equals(optional)) {
            throw new MountException(kind + " \"" + name + "\" has no key " + key);
        }
        return value;
    }

    /** A field of a pod; an annotation or label that is not there is an empty text, as a kubelet has it. */
    static String field(Pod pod, String path) throws MountException {
        Matcher subscript = SUBSCRIPT.matcher(path);
        if (subscript.matches()) {
            Map<String, String> all = subscript.group(1).equals("annotations")
                    ? pod.getMetadata().getAnnotations()
                    : pod.getMetadata().getLabels();
            return all == null ? "" : all.getOrDefault(subscript.group(2), "");
        }
        return switch (path) {
            case "metadata.name" -> pod.getMetadata().getName();
            case "metadata.namespace" -> pod.getMetadata().getNamespace();
            case "metadata.uid" -> pod.getMetadata().getUid();
            case "spec.nodeName" -> pod.getSpec().getNodeName();
            case "spec.serviceAccountName" -> pod.getSpec().getServiceAccountName();
            case "status.podIP", "status.hostIP" -> "127.0.0.1";
            default -> throw new MountException("a local cluster does not give the field " + path);
        };
    }
}
