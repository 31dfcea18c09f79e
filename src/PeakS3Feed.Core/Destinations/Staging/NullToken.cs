using System.Security.Cryptography;
using PeakS3Feed.Destinations.Loading;

namespace PeakS3Feed.Destinations.Staging;

/// <summary>
/// The text that stands for NULL in the staged files of one load. It is random, so that data cannot be prepared to contain it, and each text that is
/// written is compared with it. Engines that take CSV do not agree on whether a quoted token is NULL, so a text that equals it cannot be written.
/// </summary>
internal sealed class NullToken
{
    /// <summary>The length in bytes. One character of a fixed prefix and five of 32: one text in 30 million of this length equals a token.</summary>
    public const int Length = 6;

    private const string Letters = "abcdefghijkmnpqrstuvwxyz23456789";
    private readonly byte[] _bytes;

    /// <summary>Creates a token with these five letters.</summary>
    internal NullToken(string letters)
    {
        Text = "~" + letters;
        _bytes = System.Text.Encoding.ASCII.GetBytes(Text);
    }

    /// <summary>The token: printable ASCII without a character that CSV, SQL or a JSON text quotes.</summary>
    public string Text { get; }

    /// <summary>The token in UTF-8.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Creates a random token.</summary>
    public static NullToken Create() => new(RandomNumberGenerator.GetString(Letters, Length - 1));
}

/// <summary>
/// A text equals the NULL token of the staged files. The load begins again with another token, also that of a pair: it is staged again for both
/// destinations.
/// </summary>
internal sealed class NullTokenInDataException() : LoadRestartException(
    "A text in the data equals the random token that stands for NULL in the staged files. The load begins again with another token.", inner: null);
