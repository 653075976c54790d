package dev.coracle.layers.registry.http;

import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import okhttp3.Request;
import okhttp3.Response;

/** Tries again what may be better the next time: broken connections, servers that are busy or broken. Never what we did wrong. */
final class Patience {
    private static final int TOO_MANY = 429;
    private static final int SERVER_FAILED = 500;
    private static final int NOT_IMPLEMENTED = 501;

    private final Wire wire;
    private final Retries retries;
    private final Pauses pauses;
    private final InstantSource clock;

    Patience(Wire wire, Retries retries, Pauses pauses, InstantSource clock) {
        this.wire = wire;
        this.retries = retries;
        this.pauses = pauses;
        this.clock = clock;
    }

    /** Sends until the answer counts; the last answer or failure is the caller's. */
    Response send(Request request, boolean document) throws IOException {
        for (int attempt = 1; ; attempt++) {
            Duration pause;
            try {
                Response response = wire.send(request, document);
                Optional<Duration> asked = askedFor(response);
                boolean tooLong = asked.isPresent() && asked.get().compareTo(retries.longest()) > 0;
                if (!mayGetBetter(response.code()) || attempt >= retries.attempts() || tooLong) {
                    return response;
                }
                response.close();
                int failed = attempt;
                pause = asked.orElseGet(() -> retries.after(failed));
            } catch (IOException e) {
                if (attempt >= retries.attempts() || isFinal(e)) {
                    throw e;
                }
                pause = retries.after(attempt);
            }
            pause(pause);
        }
    }

    /** Waits; being interrupted ends all. */
    void pause(Duration duration) {
        try {
            pauses.pause(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LayerException(Kind.NETWORK, "wait for a registry", "interrupted", "try again", e);
        }
    }

    private static boolean mayGetBetter(int code) {
        return code == TOO_MANY || (code >= SERVER_FAILED && code != NOT_IMPLEMENTED);
    }

    /** A name that is unknown, and a certificate that is not believed, stay so. */
    static boolean isFinal(IOException failure) {
        return failure instanceof UnknownHostException
                || failure instanceof SSLPeerUnverifiedException
                || failure instanceof SSLHandshakeException
                || Thread.currentThread().isInterrupted();
    }

    /** The answer's {@code Retry-After}, in seconds or as a date. */
    Optional<Duration> askedFor(Response response) {
        String text = String.valueOf(response.header("Retry-After", "")).strip();
        if (text.matches("[0-9]{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        }
        try {
            Instant then = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration left = Duration.between(clock.instant(), then);
            return Optional.of(left.isNegative() ? Duration.ZERO : left);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
