package dev.coracle.layers.registry.http;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What is said to a SOCKS 4 proxy, which knows users but no passwords.
 *
 * @param user who we are there; may be empty
 * @param names does it look up names (SOCKS 4a)? Else we do, for an address of version 4, the only one it knows
 */
record Socks4(String user, boolean names) implements SocksSocket.Handshake {
    private static final int VERSION = 4;
    private static final int CONNECT = 1;
    private static final int GRANTED = 90;
    private static final int ANSWER_REST = 6;
    /** An address that is none says that a name follows. */
    private static final byte[] NAME_FOLLOWS = {0, 0, 0, 1};

    @Override
    public void shake(DataInputStream in, OutputStream out, InetSocketAddress target) throws IOException {
        String host = target.getHostString();
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.write(VERSION);
        request.write(CONNECT);
        request.write(target.getPort() >> Byte.SIZE);
        request.write(target.getPort());
        request.writeBytes(names ? NAME_FOLLOWS : address(host));
        text(user, request);
        if (names) {
            text(host, request);
        }
        out.write(request.toByteArray());
        if (in.readUnsignedByte() != 0) {
            throw new IOException("it does not speak SOCKS 4");
        }
        int answer = in.readUnsignedByte();
        if (answer != GRANTED) {
            throw new IOException("it refuses, or could not connect (" + answer + ")");
        }
        in.skipNBytes(ANSWER_REST);
    }

    private static byte[] address(String host) throws IOException {
        return Arrays.stream(InetAddress.getAllByName(host))
                .filter(Inet4Address.class::isInstance)
                .findFirst()
                .orElseThrow(() -> new IOException("SOCKS 4 does not know addresses such as those of " + host))
                .getAddress();
    }

    private static void text(String text, ByteArrayOutputStream request) throws IOException {
        if (text.indexOf('\0') >= 0) {
            throw new IOException("a name holds a zero");
        }
        request.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        request.write(0);
    }
}
