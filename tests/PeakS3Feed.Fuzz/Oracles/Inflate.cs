namespace PeakS3Feed.Fuzz.Oracles;

/// <summary>RFC 1951, bit by bit. Throws <see cref="InvalidDataException"/> for what is not deflate, <see cref="EndOfStreamException"/> for what is cut.</summary>
internal sealed class Inflate(byte[] data, int start)
{
    private const int MaxCodeLength = 15;

    private static readonly int[] LengthBase = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
    private static readonly int[] LengthExtra = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
    private static readonly int[] Distances =
        [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577];
    private static readonly int[] CodeLengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    private readonly List<byte> _output = [];
    private int _at = start;
    private int _bit;

    /// <summary>Inflates to the end of the last block; <paramref name="end"/> is the byte behind it.</summary>
    public byte[] Run(out int end)
    {
        bool isLast;
        do
        {
            isLast = Bits(1) == 1;
            switch (Bits(2))
            {
                case 0:
                    Stored();
                    break;
                case 1:
                    Codes(Fixed(288, i => i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8), Fixed(30, _ => 5));
                    break;
                case 2:
                    Dynamic();
                    break;
                default:
                    throw new InvalidDataException("block type");
            }
        }
        while (!isLast);
        end = _bit > 0 ? _at + 1 : _at;
        return [.. _output];
    }

    private static Code Fixed(int count, Func<int, int> length) => new([.. Enumerable.Range(0, count).Select(length)]);

    private int Bits(int count)
    {
        var value = 0;
        for (var i = 0; i < count; i++)
        {
            if (_at >= data.Length)
                throw new EndOfStreamException();
            value |= ((data[_at] >> _bit) & 1) << i;
            _bit = (_bit + 1) & 7;
            _at += _bit == 0 ? 1 : 0;
        }

        return value;
    }

    private void Stored()
    {
        if (_bit > 0)
            (_bit, _at) = (0, _at + 1);
        var length = Bits(16);
        if (length != (Bits(16) ^ 0xFFFF))
            throw new InvalidDataException("stored length");
        if (_at + length > data.Length)
            throw new EndOfStreamException();
        _output.AddRange(data.AsSpan(_at, length));
        _at += length;
    }

    private void Dynamic()
    {
        var (literals, distances, codes) = (Bits(5) + 257, Bits(5) + 1, Bits(4) + 4);
        if (literals > 286 || distances > 30)
            throw new InvalidDataException("too many codes");
        var lengths = new int[19];
        for (var i = 0; i < codes; i++)
            lengths[CodeLengthOrder[i]] = Bits(3);
        var code = new Code(lengths);
        if (code.Left != 0)
            throw new InvalidDataException("code lengths");
        var all = new List<int>();
        while (all.Count < literals + distances)
        {
            var symbol = Decode(code);
            if (symbol == 16 && all.Count == 0)
                throw new InvalidDataException("nothing to repeat");
            var (value, times) = symbol switch { 16 => (all[^1], 3 + Bits(2)), 17 => (0, 3 + Bits(3)), 18 => (0, 11 + Bits(7)), _ => (symbol, 1) };
            all.AddRange(Enumerable.Repeat(value, times));
        }

        if (all.Count > literals + distances || all[256] == 0)
            throw new InvalidDataException("lengths");
        var (literal, distance) = (new Code([.. all[..literals]]), new Code([.. all[literals..]]));
        if (!literal.IsUsable || !distance.IsUsable)
            throw new InvalidDataException("incomplete code");
        Codes(literal, distance);
    }

    private void Codes(Code literal, Code distance)
    {
        while (true)
        {
            var symbol = Decode(literal);
            if (symbol == 256)
                return;
            if (symbol < 256)
            {
                _output.Add((byte)symbol);
                continue;
            }

            if (symbol > 285)
                throw new InvalidDataException("length");
            var length = LengthBase[symbol - 257] + Bits(LengthExtra[symbol - 257]);
            var code = Decode(distance);
            if (code >= Distances.Length)
                throw new InvalidDataException("distance");
            var back = Distances[code] + Bits(Math.Max(0, (code / 2) - 1));
            if (back > _output.Count)
                throw new InvalidDataException("too far back");
            for (; length > 0; length--)
                _output.Add(_output[^back]);
        }
    }

    private int Decode(Code code)
    {
        var (value, first, index) = (0, 0, 0);
        for (var length = 1; length <= MaxCodeLength; length++)
        {
            value |= Bits(1);
            var count = code.Counts[length];
            if (value - count < first)
                return code.Symbols[index + value - first];
            index += count;
            first = (first + count) << 1;
            value <<= 1;
        }

        throw new InvalidDataException("no such code");
    }

    private sealed class Code
    {
        public Code(int[] lengths)
        {
            foreach (var length in lengths)
                Counts[length]++;
            Symbols = [.. Enumerable.Range(0, lengths.Length).Where(s => lengths[s] > 0).OrderBy(s => lengths[s]).ThenBy(s => s)];
            Left = 1;
            for (var length = 1; length <= MaxCodeLength; length++)
            {
                Left = (Left << 1) - Counts[length];
                if (Left < 0)
                    throw new InvalidDataException("over-subscribed code");
            }

            IsUsable = Left == 0 || Symbols.Length == 0 || (Symbols.Length == 1 && Counts[1] == 1);
            Counts[0] = 0;
        }

        public int[] Counts { get; } = new int[MaxCodeLength + 1];

        public int[] Symbols { get; }

        public int Left { get; }

        // Complete, or a single code of one bit, or none at all.
        public bool IsUsable { get; }
    }
}
