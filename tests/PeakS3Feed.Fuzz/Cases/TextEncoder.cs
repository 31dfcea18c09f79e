using System.Text;
using System.Text.Unicode;
using PeakS3Feed.Formats;

namespace PeakS3Feed.Fuzz.Cases;

/// <summary>Writes the text of a file in another encoding.</summary>
internal static class TextEncoder
{
    private static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;
    private static readonly Encoding Latin1 = Encoding.GetEncoding("iso-8859-1", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);

    /// <summary>The file; null where the encoding does not have its characters, or it would be taken for another one.</summary>
    public static byte[]? Encode(byte[] utf8, FileEncoding encoding, Dice dice)
    {
        var isBig = dice.OneIn(3);
        if (!Utf8.IsValid(utf8))
            return null;
        var text = Encoding.UTF8.GetString(utf8);
        if (encoding != FileEncoding.Utf16)
            text = text.StartsWith('\uFEFF') ? text[1..] : text;
        try
        {
            var bytes = (encoding switch
            {
                FileEncoding.Windows1252 => Windows1252,
                FileEncoding.Latin1 => Latin1,
                _ => new UnicodeEncoding(isBig, byteOrderMark: false),
            }).GetBytes(text);
            // What has a mark less than the file that was written stands elsewhere.
            return text.Length == 0 || (encoding != FileEncoding.Utf16 && utf8 is [0xEF, 0xBB, 0xBF, ..]) ? null : bytes;
        }
        catch (EncoderFallbackException)
        {
            return null;
        }
    }
}
