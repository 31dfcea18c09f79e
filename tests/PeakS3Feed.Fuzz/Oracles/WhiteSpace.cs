using System.Text;

namespace PeakS3Feed.Fuzz.Oracles;

/// <summary>What Unicode calls white space, except line ends.</summary>
internal static class WhiteSpace
{
    /// <summary>How many bytes the character has that begins here, if it is white space; otherwise 0.</summary>
    public static int LengthAt(byte[] content, int at)
    {
        for (var length = 1; length <= 3 && at + length <= content.Length; length++)
        {
            var text = Encoding.UTF8.GetString(content, at, length);
            if (text.Length == 1 && text[0] is not ('\r' or '\n' or '\uFFFD'))
                return char.IsWhiteSpace(text[0]) ? length : 0;
        }

        return 0;
    }
}
