package dev.coracle.layers.registry.http;

import dev.coracle.layers.registry.http.ProxyRules.ProxyServer;
import dev.coracle.layers.registry.http.ProxyRules.ProxyServer.Login;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A connection through a SOCKS 5 proxy (RFC 1928, user and password by RFC 1929), which also looks up the name. Java's own has its
 * password in a variable that all of the program shares.
 */
final class SocksSocket extends Socket {
    private static final int VERSION = 5;
    private static final int NO_LOGIN = 0;
    private static final int PASSWORD = 2;
    private static final int PASSWORD_VERSION = 1;
    private static final int CONNECT = 1;
    private static final int FOUR = 1;
    private static final int NAME = 3;
    private static final int SIX = 4;
    private static final int LENGTH_MAX = 255;

    private final ProxyServer proxy;

    SocksSocket(ProxyServer proxy) {
        this.proxy = proxy;
    }

    @Override
    public void connect(SocketAddress endpoint, int timeout) throws IOException {
        if (!(endpoint instanceof InetSocketAddress target)) {
            throw new IOException("not an internet address: " + endpoint);
        }
        super.connect(new InetSocketAddress(proxy.host(), proxy.port()), timeout);
        int before = getSoTimeout();
        setSoTimeout(timeout);
        DataInputStream in = new DataInputStream(getInputStream());
        OutputStream out = getOutputStream();
        greet(in, out);
        ask(in, out, target);
        setSoTimeout(before);
    }

    private void greet(DataInputStream in, OutputStream out) throws IOException {
        boolean known = proxy.login().isPresent();
        out.write(known ? new byte[] {VERSION, 2, NO_LOGIN, PASSWORD} : new byte[] {VERSION, 1, NO_LOGIN});
        check(in.readUnsignedByte() == VERSION, "it does not speak SOCKS 5");
        int method = in.readUnsignedByte();
        if (method == PASSWORD && known) {
            Login login = proxy.login().get();
            byte[] user = bytes(login.user());
            byte[] password = bytes(login.password());
            out.write(ByteBuffer.allocate(3 + user.length + password.length)
                    .put((byte) PASSWORD_VERSION)
                    .put((byte) user.length)
                    .put(user)
                    .put((byte) password.length)
                    .put(password)
                    .array());
            in.readUnsignedByte();
            check(in.readUnsignedByte() == 0, "it refuses the user and password");
        } else {
            check(method == NO_LOGIN, known ? "it takes no password" : "it wants a user and password");
        }
    }

    private void ask(DataInputStream in, OutputStream out, InetSocketAddress target) throws IOException {
        byte[] name = bytes(target.getHostString());
        out.write(ByteBuffer.allocate(7 + name.length)
                .put(new byte[] {VERSION, CONNECT, 0, NAME, (byte) name.length})
                .put(name)
                .putShort((short) target.getPort())
                .array());
        check(in.readUnsignedByte() == VERSION, "it does not speak SOCKS 5");
        int answer = in.readUnsignedByte();
        check(answer == 0, meaning(answer));
        in.readUnsignedByte();
        int length = switch (in.readUnsignedByte()) {
            case FOUR -> 4;
            case SIX -> 16;
            case NAME -> in.readUnsignedByte();
            default -> throw new IOException(shown() + "its answer is not understood");
        };
        in.skipNBytes(length + 2L);
    }

    private static String meaning(int answer) {
        return switch (answer) {
            case 2 -> "its rules forbid it";
            case 3 -> "the network cannot be reached";
            case 4 -> "the host cannot be reached";
            case 5 -> "the connection was refused";
            case 6 -> "it took too long";
            default -> "it failed with " + answer;
        };
    }

    private byte[] bytes(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        check(bytes.length <= LENGTH_MAX, "a name or password is longer than SOCKS allows");
        return bytes;
    }

    private void check(boolean good, String otherwise) throws IOException {
        if (!good) {
            throw new IOException(shown() + otherwise);
        }
    }

    private String shown() {
        return "the proxy " + proxy.host() + ":" + proxy.port() + ": ";
    }
}
