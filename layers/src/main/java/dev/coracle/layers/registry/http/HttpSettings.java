package dev.coracle.layers.registry.http;

import dev.coracle.layers.registry.http.Trust.ClientCertificate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All that can be chosen about speaking to registries.
 *
 * @param mirrors addresses asked first for a registry, in order, by the registry's name
 * @param plain registries, {@code host[:port]}, spoken to without TLS; this machine's are tried both ways
 * @param trust certificates
 * @param proxies who stands between
 * @param timeouts how long each phase may take
 * @param retries how often something is tried
 */
public record HttpSettings(
        Map<String, List<String>> mirrors,
        Set<String> plain,
        Trust trust,
        ProxyRules proxies,
        Timeouts timeouts,
        Retries retries) {
    /** Nothing chosen. */
    public static final HttpSettings DEFAULT =
            new HttpSettings(Map.of(), Set.of(), Trust.DEFAULT, ProxyRules.NONE, Timeouts.DEFAULT, Retries.DEFAULT);

    /** Copies the collections and refuses mirrors that are no addresses. */
    public HttpSettings {
        mirrors = Map.copyOf(mirrors);
        plain = Set.copyOf(plain);
        mirrors.values().forEach(each -> each.forEach(Endpoint::at));
    }

    /**
     * Reads {@code CORACLE_MIRRORS} ({@code docker.io=http://localhost:5000,...}), {@code CORACLE_PLAIN_HTTP}
     * ({@code host:port,...}), {@code CORACLE_CA_FILE}, {@code CORACLE_CLIENT_CERTIFICATE} and {@code CORACLE_CLIENT_KEY},
     * {@code CORACLE_INSECURE} ({@code true} or {@code false}), and the usual variables of proxies.
     *
     * @throws IllegalArgumentException with everything that is wrong
     */
    public static HttpSettings of(Map<String, String> environment) {
        List<String> problems = new ArrayList<>();
        Map<String, List<String>> mirrors = mirrors(words(environment, "CORACLE_MIRRORS"), problems);
        Trust trust = trust(environment, problems);
        ProxyRules proxies = ProxyRules.NONE;
        try {
            proxies = ProxyRules.of(environment);
        } catch (IllegalArgumentException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
        Set<String> plain = Set.copyOf(words(environment, "CORACLE_PLAIN_HTTP"));
        return new HttpSettings(mirrors, plain, trust, proxies, Timeouts.DEFAULT, Retries.DEFAULT);
    }

    private static Map<String, List<String>> mirrors(List<String> words, List<String> problems) {
        Map<String, List<String>> mirrors = new HashMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            String address = word.substring(equals + 1);
            try {
                Endpoint.at(address);
                if (equals > 0) {
                    mirrors.computeIfAbsent(word.substring(0, equals), registry -> new ArrayList<>())
                            .add(address);
                } else {
                    problems.add("CORACLE_MIRRORS is written registry=http[s]://host[:port]: " + word);
                }
            } catch (IllegalArgumentException e) {
                problems.add("CORACLE_MIRRORS: " + e.getMessage());
            }
        }
        return mirrors;
    }

    private static Trust trust(Map<String, String> environment, List<String> problems) {
        Optional<Path> certificate = path(environment, "CORACLE_CLIENT_CERTIFICATE");
        Optional<Path> key = path(environment, "CORACLE_CLIENT_KEY");
        if (certificate.isPresent() != key.isPresent()) {
            problems.add("CORACLE_CLIENT_CERTIFICATE and CORACLE_CLIENT_KEY go together");
        }
        String insecure = environment.getOrDefault("CORACLE_INSECURE", "false");
        if (!insecure.equals("true") && !insecure.equals("false")) {
            problems.add("CORACLE_INSECURE is true or false: " + insecure);
        }
        Optional<ClientCertificate> client =
                certificate.flatMap(chain -> key.map(secret -> new ClientCertificate(chain, secret)));
        return new Trust(path(environment, "CORACLE_CA_FILE"), client, insecure.equals("true"));
    }

    private static Optional<Path> path(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name))
                .filter(value -> !value.isBlank())
                .map(Path::of);
    }

    private static List<String> words(Map<String, String> environment, String name) {
        return Arrays.stream(environment.getOrDefault(name, "").split("[,\\s]+"))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /** The same with other mirrors. */
    public HttpSettings withMirrors(Map<String, List<String>> others) {
        return new HttpSettings(others, plain, trust, proxies, timeouts, retries);
    }

    /** The same with other registries without TLS. */
    public HttpSettings withPlain(Set<String> others) {
        return new HttpSettings(mirrors, others, trust, proxies, timeouts, retries);
    }

    /** The same with other certificates. */
    public HttpSettings withTrust(Trust other) {
        return new HttpSettings(mirrors, plain, other, proxies, timeouts, retries);
    }

    /** The same with other proxies. */
    public HttpSettings withProxies(ProxyRules others) {
        return new HttpSettings(mirrors, plain, trust, others, timeouts, retries);
    }

    /** The same with another patience. */
    public HttpSettings withPatience(Timeouts otherTimeouts, Retries otherRetries) {
        return new HttpSettings(mirrors, plain, trust, proxies, otherTimeouts, otherRetries);
    }
}
