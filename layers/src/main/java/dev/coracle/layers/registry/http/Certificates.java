package dev.coracle.layers.registry.http;

import dev.coracle.layers.FileProblem;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.registry.http.Trust.ClientCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Files of certificates and keys, as the TLS of Java wants them. */
final class Certificates {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final char[] NO_PASSWORD = {};

    private Certificates() {}

    /** Java's own authorities, and those of the file. */
    static X509TrustManager authorities(Optional<Path> file) {
        try {
            X509TrustManager own = manager(null);
            if (file.isEmpty()) {
                return own;
            }
            KeyStore all = empty();
            List<Certificate> believed = new ArrayList<>(List.of(own.getAcceptedIssuers()));
            believed.addAll(read(file.get()));
            for (int i = 0; i < believed.size(); i++) {
                all.setCertificateEntry("authority" + i, believed.get(i));
            }
            return manager(all);
        } catch (IOException | GeneralSecurityException e) {
            throw failure("use the certificates of " + file.map(Path::toString).orElse("Java"), e);
        }
    }

    private static X509TrustManager manager(@Nullable KeyStore authorities) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(authorities);
        for (TrustManager each : factory.getTrustManagers()) {
            if (each instanceof X509TrustManager manager) {
                return manager;
            }
        }
        throw new GeneralSecurityException("Java knows no authorities");
    }

    /** What is shown to a registry that asks who we are. */
    static KeyManager[] client(Optional<ClientCertificate> client) {
        if (client.isEmpty()) {
            return new KeyManager[0];
        }
        try {
            KeyStore store = empty();
            Certificate[] chain = read(client.get().certificate()).toArray(Certificate[]::new);
            store.setKeyEntry("client", key(client.get().key(), chain[0]), NO_PASSWORD, chain);
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, NO_PASSWORD);
            return factory.getKeyManagers();
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw failure("use the client certificate " + client.get().certificate(), e);
        }
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    private static List<Certificate> read(Path pem) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(pem)) {
            List<Certificate> found =
                    List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(in));
            if (found.isEmpty()) {
                throw new GeneralSecurityException(pem + " holds no certificate");
            }
            return found;
        }
    }

    private static PrivateKey key(Path pem, Certificate certificate) throws IOException, GeneralSecurityException {
        Matcher matcher = KEY.matcher(Files.readString(pem, StandardCharsets.US_ASCII));
        if (!matcher.find()) {
            throw new GeneralSecurityException(
                    pem + " holds no BEGIN PRIVATE KEY; openssl pkcs8 -topk8 -nodes turns others into it");
        }
        byte[] encoded = Base64.getMimeDecoder().decode(matcher.group(1));
        return KeyFactory.getInstance(certificate.getPublicKey().getAlgorithm())
                .generatePrivate(new PKCS8EncodedKeySpec(encoded));
    }

    /** Believes everybody. */
    static X509TrustManager unchecked() {
        return new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String algorithm) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String algorithm) {}

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        };
    }

    static LayerException failure(String tried, Exception cause) {
        String happened = cause instanceof IOException e ? FileProblem.of(e) : String.valueOf(cause.getMessage());
        return new LayerException(Kind.INVALID_REQUEST, tried, happened, "give files in PEM", cause);
    }
}
