using System.Text.Json;

namespace PeakS3Feed.Formats.Json;

/// <summary>Unescapes names and texts.</summary>
internal sealed class JsonText
{
    private byte[] _unescaped = new byte[256];
    private int _length;

    /// <summary>The last unescaped text.</summary>
    public ReadOnlySpan<byte> Unescaped => _unescaped.AsSpan(0, _length);

    /// <summary>Unescapes the current text of the reader; false when it contains an escaped lone surrogate, and then there is no text.</summary>
    public bool TryUnescape(ref Utf8JsonReader reader)
    {
        if (_unescaped.Length < reader.ValueSpan.Length)
            _unescaped = new byte[Math.Max(_unescaped.Length * 2, reader.ValueSpan.Length)];
        try
        {
            _length = reader.CopyString(_unescaped);
            return true;
        }
        catch (InvalidOperationException)
        {
            _length = 0;
            return false;
        }
    }
}
