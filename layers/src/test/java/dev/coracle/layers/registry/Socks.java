package dev.coracle.layers.registry;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A SOCKS proxy of all versions for one user, which leads every connection to one port of this machine. */
final class Socks implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final int target;

    Socks(int target) throws IOException {
        this.target = target;
        Thread.ofVirtual().start(this::serve);
    }

    int port() {
        return server.getLocalPort();
    }

    List<String> heard() {
        return List.copyOf(heard);
    }

    private void serve() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Thread.ofVirtual().start(() -> lead(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void lead(Socket client) {
        try (client;
                Socket far = new Socket(InetAddress.getLoopbackAddress(), target)) {
            DataInputStream in = new DataInputStream(client.getInputStream());
            OutputStream out = client.getOutputStream();
            boolean open = in.readUnsignedByte() == 4 ? four(in, out) : five(in, out);
            if (!open) {
                return;
            }
            Thread back = Thread.ofVirtual().start(() -> pass(far, client));
            pass(client, far);
            back.join();
        } catch (IOException | InterruptedException e) {
            heard.add("broken: " + e);
        }
    }

    private boolean four(DataInputStream in, OutputStream out) throws IOException {
        in.readUnsignedByte();
        int port = in.readUnsignedShort();
        byte[] address = in.readNBytes(4);
        String user = upToZero(in);
        boolean known = user.equals("me");
        if (known) {
            heard.add(user);
            heard.add((address[0] == 0
                            ? upToZero(in)
                            : InetAddress.getByAddress(address).getHostAddress()) + ":" + port);
        }
        out.write(new byte[] {0, (byte) (known ? 90 : 93), 0, 0, 0, 0, 0, 0});
        return known;
    }

    private boolean five(DataInputStream in, OutputStream out) throws IOException {
        byte[] methods = in.readNBytes(in.readUnsignedByte());
        if (methods.length < 2) {
            out.write(new byte[] {5, (byte) 255});
            return false;
        }
        out.write(new byte[] {5, 2});
        in.readUnsignedByte();
        String login = text(in) + ":" + text(in);
        boolean known = login.equals("me:word");
        out.write(new byte[] {1, (byte) (known ? 0 : 1)});
        if (known) {
            heard.add(login);
            in.skipNBytes(4);
            heard.add(text(in) + ":" + in.readUnsignedShort());
            out.write(new byte[] {5, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        }
        return known;
    }

    private static String upToZero(DataInputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int letter = in.readUnsignedByte(); letter != 0; letter = in.readUnsignedByte()) {
            text.append((char) letter);
        }
        return text.toString();
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.UTF_8);
    }

    private static void pass(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            return;
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
