using System.Text;

namespace PeakS3Feed.Bench.Data;

/// <summary>Creates row N from N alone, so that files of different sizes begin with the same rows.</summary>
internal sealed class RowMaker
{
    private const ulong Seed = 20261122;
    private const long FirstId = 10_000_000_000;
    private static readonly DateOnly FirstDay = new(2019, 1, 1);
    private static readonly long FirstSecond = new DateTimeOffset(2019, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();

    private readonly byte[][] _words = Words(400, "");
    private readonly byte[][] _names = Words(600, "");
    private readonly byte[][] _cities = [.. Words(180, ""), .. Words(20, "ü"), .. Words(20, "é")];

    /// <summary>Fills the row.</summary>
    public void Make(long number, BenchRow row)
    {
        var dice = new Dice(Seed ^ ((ulong)number * 0xD6E8FEB86659FD93));
        row.Id = FirstId + number;
        row.Quantity = dice.Next(100) < 3 ? null : dice.Next(1000);
        row.Price = dice.Next(100) < 4 ? null : (long)(dice.Next() % 10_000_000) - 500_000;
        row.Day = FirstDay.AddDays(dice.Next(2500));
        row.At = dice.Next(100) < 3 ? null : FirstSecond + (number * 20) + dice.Next(20);
        row.Ok = dice.Next(3) > 0;
        Begin(row.Code).Add(dice.Next(100_000), 5);
        Begin(row.Name).Add(_names[dice.Next(_names.Length)]);
        Begin(row.City).Add(_cities[dice.Next(_cities.Length)]);
        Begin(row.Reference).Add((byte)'R');
        row.Reference.Add(number % 10_000_000, 7);
        Begin(row.Flag);
        if (dice.Next(2) == 0)
            row.Flag.Add((byte)'Y');
        MakeNote(ref dice, Begin(row.Note));
    }

    // One value in twenty is NULL, one in twenty needs quotes.
    private void MakeNote(ref Dice dice, TextBuffer note)
    {
        var kind = dice.Next(20);
        if (kind == 0)
            return;
        for (var word = 4 + dice.Next(6); word > 0; word--)
        {
            note.Add(_words[dice.Next(_words.Length)]);
            if (word > 1)
                note.Add((byte)' ');
        }

        if (kind != 1)
            return;
        note.Add(", \""u8);
        note.Add(_words[dice.Next(_words.Length)]);
        note.Add("\"\n"u8);
        note.Add(_words[dice.Next(_words.Length)]);
    }

    private static TextBuffer Begin(TextBuffer text)
    {
        text.Clear();
        return text;
    }

    private static byte[][] Words(int count, string special)
    {
        const string Consonants = "bcdfghklmnprstvz", Vowels = "aeiou";
        var dice = new Dice((ulong)count);
        var words = new byte[count][];
        for (var i = 0; i < count; i++)
        {
            var word = new StringBuilder(special);
            for (var syllable = 1 + dice.Next(3); syllable >= 0; syllable--)
                word.Append(Consonants[dice.Next(Consonants.Length)]).Append(Vowels[dice.Next(Vowels.Length)]);
            words[i] = Encoding.UTF8.GetBytes(word.ToString());
        }

        return words;
    }
}
