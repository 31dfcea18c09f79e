using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace PeakS3Feed.RedshiftServer.Protocol;

/// <summary>Reads and writes messages on one connection. Written messages are collected until <see cref="FlushAsync"/>.</summary>
internal sealed class WireStream(Stream first) : IDisposable
{
    private const int FlushAt = 64 * 1024;
    private const int LongestMessage = 1024 * 1024 * 1024;

    private Stream _stream = first;
    private PipeReader _reader = PipeReader.Create(first);
    private ArrayBufferWriter<byte> _written = new();

    /// <summary>The next message; null at the end of the connection.</summary>
    public async Task<WireMessage?> ReadAsync(CancellationToken ct)
    {
        var head = await ReadBytesAsync(5, ct);
        if (head is null)
            return null;
        var body = await ReadBytesAsync(Length(head.AsSpan(1)), ct);
        return body is null ? null : new WireMessage((char)head[0], body);
    }

    /// <summary>The body of the next message of a client that has not begun its session: it has no letter. Null at the end.</summary>
    public async Task<byte[]?> ReadStartupAsync(CancellationToken ct)
        => await ReadBytesAsync(4, ct) is { } head ? await ReadBytesAsync(Length(head), ct) : null;

    public async ValueTask WriteAsync(WireMessage message, CancellationToken ct)
    {
        var head = _written.GetSpan(5);
        head[0] = (byte)message.Type;
        BinaryPrimitives.WriteInt32BigEndian(head[1..], message.Body.Length + 4);
        _written.Advance(5);
        _written.Write(message.Body.Span);
        if (_written.WrittenCount >= FlushAt)
            await FlushAsync(ct);
    }

    public async Task WriteStartupAsync(ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        BinaryPrimitives.WriteInt32BigEndian(_written.GetSpan(4), body.Length + 4);
        _written.Advance(4);
        _written.Write(body.Span);
        await FlushAsync(ct);
    }

    /// <summary>Writes one byte, the answer to a request for encryption.</summary>
    public async Task WriteByteAsync(char answer, CancellationToken ct) => await _stream.WriteAsync(new[] { (byte)answer }, ct);

    public async Task FlushAsync(CancellationToken ct)
    {
        if (_written.WrittenCount == 0)
            return;
        await _stream.WriteAsync(_written.WrittenMemory, ct);
        if (_written.Capacity > 4 * FlushAt)
            _written = new ArrayBufferWriter<byte>();
        else
            _written.ResetWrittenCount();
    }

    /// <summary>Goes on with TLS. The client has sent nothing yet.</summary>
    public async Task EncryptAsync(X509Certificate2 certificate, CancellationToken ct)
    {
        var encrypted = new SslStream(_stream);
        await encrypted.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, ct);
        (_stream, _reader) = (encrypted, PipeReader.Create(encrypted));
    }

    public void Dispose() => _stream.Dispose();

    private async Task<byte[]?> ReadBytesAsync(int count, CancellationToken ct)
    {
        if (count == 0)
            return [];
        var result = await _reader.ReadAtLeastAsync(count, ct);
        if (result.Buffer.Length < count)
            return null;
        var bytes = result.Buffer.Slice(0, count).ToArray();
        _reader.AdvanceTo(result.Buffer.GetPosition(count));
        return bytes;
    }

    private static int Length(ReadOnlySpan<byte> bytes)
        => BinaryPrimitives.ReadInt32BigEndian(bytes) is var length and >= 4 and < LongestMessage
            ? length - 4
            : throw new InvalidDataException("A message has an invalid length.");
}
