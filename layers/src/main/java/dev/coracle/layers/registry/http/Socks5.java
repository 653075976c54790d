package dev.coracle.layers.registry.http;

import dev.coracle.layers.registry.http.ProxyRules.ProxyServer.Login;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What is said to a SOCKS 5 proxy (RFC 1928, user and password by RFC 1929), which also looks up the name. */
record Socks5(Optional<Login> login) implements SocksSocket.Handshake {
    private static final int VERSION = 5;
    private static final int NO_LOGIN = 0;
    private static final int PASSWORD = 2;
    private static final int PASSWORD_VERSION = 1;
    private static final int CONNECT = 1;
    private static final int FOUR = 1;
    private static final int NAME = 3;
    private static final int SIX = 4;
    private static final int LENGTH_MAX = 255;

    @Override
    public void shake(DataInputStream in, OutputStream out, InetSocketAddress target) throws IOException {
        greet(in, out);
        ask(in, out, target);
    }

    private void greet(DataInputStream in, OutputStream out) throws IOException {
        boolean known = login.isPresent();
        out.write(known ? new byte[] {VERSION, 2, NO_LOGIN, PASSWORD} : new byte[] {VERSION, 1, NO_LOGIN});
        check(in.readUnsignedByte() == VERSION, "it does not speak SOCKS 5");
        int method = in.readUnsignedByte();
        if (method == PASSWORD && known) {
            Login ours = login.get();
            byte[] user = bytes(ours.user());
            byte[] password = bytes(ours.password());
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
            default -> throw new IOException("its answer is not understood");
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

    private static byte[] bytes(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        check(bytes.length <= LENGTH_MAX, "a name or password is longer than SOCKS allows");
        return bytes;
    }

    private static void check(boolean good, String otherwise) throws IOException {
        if (!good) {
            throw new IOException(otherwise);
        }
    }
}
