using System.Globalization;
using System.Text.Json;
using PeakS3Feed.Definitions;
using PeakS3Feed.Destinations;
using PeakS3Feed.Feeds;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Store;

/// <summary>
/// Reads <see cref="DefinitionRecord"/>s of a text without errors. It does what System.Text.Json does with <see cref="DefinitionContract"/>, in a third
/// of the time that a process takes to read its first definitions: it has no metadata for each property and no code for each type of value. A value of
/// a type or with a converter that it does not know goes to System.Text.Json.
/// </summary>
/// <param name="types">The types of records.</param>
/// <param name="others">The options for values of other types.</param>
internal sealed class RecordReader(RecordTypes types, Lazy<JsonSerializerOptions> others)
{
    private static readonly JsonReaderOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads a record. Throws <see cref="JsonException"/> if the text does not have its shape or has a member twice.</summary>
    public DefinitionRecord Read(ReadOnlySpan<byte> utf8, Type type)
    {
        var reader = new Utf8JsonReader(utf8, Lenient);
        reader.Read();
        try
        {
            var record = ReadRecord(ref reader, type);
            return !reader.Read() ? record : throw new JsonException();
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            throw new JsonException(null, e);
        }
    }

    private DefinitionRecord ReadRecord(ref Utf8JsonReader reader, Type type)
    {
        if (type == typeof(S3FeedDestination)) type = TypeOfDestination(reader);
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException();
        var shape = types.Of(type);
        if (shape.NeedsSerializer) return (DefinitionRecord)JsonSerializer.Deserialize(ref reader, others.Value.GetTypeInfo(type))!;
        var record = shape.Create();
        var given = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            if (!given.Add(name)) throw new JsonException();
            reader.Read();
            if (Find(shape, name) is { } member) member.Set(record, ReadMember(ref reader, member));
            else if (name == DestinationConverter.KindMember && record is S3FeedDestination) reader.Skip(); // determined the type
            else record.Unknown.Add(name, ReadUnknown(ref reader));
        }

        foreach (var member in shape.Members)
        {
            if (member.IsRequiredText && !given.Contains(member.Name)) member.Set(record, "");
        }

        return record;
    }

    private static RecordMember? Find(RecordType shape, string name)
    {
        foreach (var member in shape.Members)
        {
            if (member.Name == name) return member;
        }

        return null;
    }

    // The kind may come after other members. The copy of the reader reads ahead.
    private Type TypeOfDestination(Utf8JsonReader ahead)
    {
        while (ahead.Read() && ahead.TokenType == JsonTokenType.PropertyName)
        {
            var isKind = ahead.ValueTextEquals(DestinationConverter.KindMember);
            ahead.Read();
            if (isKind) return types.OfKind(ReadText(ref ahead)) ?? throw new JsonException();
            ahead.Skip();
        }

        throw new JsonException();
    }

    private object? ReadMember(ref Utf8JsonReader reader, RecordMember member)
    {
        if (member.Converter is not { } converter) return ReadValue(ref reader, member.Type);
        var own = (IBoxedReader)Activator.CreateInstance(converter)!;
        return reader.TokenType == JsonTokenType.Null && !own.ReadsNull && IsNullable(member.Type) ? null : own.ReadBoxed(ref reader);
    }

    private object? ReadValue(ref Utf8JsonReader reader, Type type)
    {
        if (reader.TokenType == JsonTokenType.Null && IsNullable(type)) return null;
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string)) return ReadText(ref reader);
        if (type.IsEnum) return EnumNames.Read(ref reader, type);
        if (RecordTypes.IsRecord(type)) return ReadRecord(ref reader, type);
        if (type == typeof(FeedSchema)) return SchemaConverter.Schema((ColumnDefinition[])ReadList(ref reader, typeof(ColumnDefinition)));
        if (RecordTypes.ElementOf(type) is { } element) return ReadList(ref reader, element);
        return BoxedReader(type) is { } boxed ? boxed.ReadBoxed(ref reader)
            : type == typeof(bool) ? reader.GetBoolean()
            : type == typeof(int) ? reader.GetInt32()
            : type == typeof(long) ? reader.GetInt64()
            : type == typeof(Guid) ? reader.GetGuid()
            : type == typeof(DateTimeOffset) ? reader.GetDateTimeOffset()
            : type == typeof(DateOnly) ? ReadDate(ref reader)
            : JsonSerializer.Deserialize(ref reader, others.Value.GetTypeInfo(type));
    }

    private Array ReadList(ref Utf8JsonReader reader, Type element)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException();
        var items = new List<object?>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) items.Add(ReadValue(ref reader, element) ?? throw new JsonException());
        var list = Array.CreateInstance(element, items.Count);
        for (var i = 0; i < items.Count; i++) list.SetValue(items[i], i);
        return list;
    }

    private static JsonElement ReadUnknown(ref Utf8JsonReader reader)
    {
        var value = JsonElement.ParseValue(ref reader);
        ThrowIfTwice(value);
        return value;
    }

    private static void ThrowIfTwice(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray()) ThrowIfTwice(item);
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            var given = new HashSet<string>(StringComparer.Ordinal);
            foreach (var member in value.EnumerateObject())
            {
                if (!given.Add(member.Name)) throw new JsonException();
                ThrowIfTwice(member.Value);
            }
        }
    }

    // The converters of the properties' types, as in DefinitionsJson.
    private static IBoxedReader? BoxedReader(Type type)
        => type == typeof(TimeSpan) ? new DurationConverter()
            : type == typeof(TimeOnly) ? new TimeOfDayConverter()
            : type == typeof(FailedRowThreshold) ? new ThresholdConverter()
            : type == typeof(FormatVersion) ? new FormatVersionConverter()
            : null;

    private static bool IsNullable(Type type) => !type.IsValueType || Nullable.GetUnderlyingType(type) is not null;

    private static string ReadText(ref Utf8JsonReader reader)
        => reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw new JsonException();

    private static DateOnly ReadDate(ref Utf8JsonReader reader)
        => DateOnly.TryParseExact(ReadText(ref reader), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date
            : throw new JsonException();
}
