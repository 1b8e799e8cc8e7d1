using System.Text;
using DicomFunctions.Emulator.Dicom;

namespace DicomFunctions.Emulator.Tests.Dicom;

public sealed class SpecificCharacterSetTests
{
    [Theory]
    [InlineData("", "Doe^Jane", "446F655E4A616E65")]
    [InlineData("ISO_IR 6", "Doe", "446F65")]
    [InlineData("ISO_IR 100", "Müller^Jürgen", "4DFC6C6C65725E4AFC7267656E")]
    [InlineData("ISO_IR 101", "Wałęsa", "5761B3EA7361")]
    [InlineData("ISO_IR 109", "Ġorġ", "D56F72F5")]
    [InlineData("ISO_IR 110", "Kārlis", "4BE0726C6973")]
    [InlineData("ISO_IR 144", "\u041B\u044E\u043Ace\u043C\u0431yp\u0433", "BBEEDA6365DCD17970D3")]
    [InlineData("ISO_IR 127", "قباني", "E2C8C7E6EA")]
    [InlineData("ISO_IR 126", "Διονυσιος", "C4E9EFEDF5F3E9EFF2")]
    [InlineData("ISO_IR 138", "שרון", "F9F8E5EF")]
    [InlineData("ISO_IR 148", "Çavuşoğlu", "C7617675FE6FF06C75")]
    [InlineData("ISO_IR 166", "นาม", "B9D2C1")]
    [InlineData("ISO_IR 13", "ﾔﾏﾀﾞ^ﾀﾛｳ", "D4CFC0DE5EC0DBB3")]
    [InlineData("ISO_IR 192", "Wang^小东=王^小东", "57616E675EE5B08FE4B89C3DE78E8B5EE5B08FE4B89C")]
    [InlineData("GB18030", "王^小东", "CDF55ED0A1B6AB")]
    [InlineData("GBK", "王^小东", "CDF55ED0A1B6AB")]
    public void Decode_one_character_set_yields_the_text(string term, string expected, string hex) =>
        Assert.Equal(expected, SpecificCharacterSet.Parse(term).Decode(Convert.FromHexString(hex), Vr.PN));

    [Theory]

    // PS3.5 annex H: Japanese, with ISO 646 and with JIS X 0201 as the first character set.
    [InlineData(
        "\\ISO 2022 IR 87", "Yamada^Tarou=山田^太郎=やまだ^たろう",
        "59616D6164615E5461726F753D1B24423B3345441B28425E1B244242404F3A1B28423D1B24422464245E24401B28425E1B2442243F246D24261B2842")]
    [InlineData(
        "ISO 2022 IR 13\\ISO 2022 IR 87", "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう",
        "D4CFC0DE5EC0DBB33D1B24423B3345441B284A5E1B244242404F3A1B284A3D1B24422464245E24401B284A5E1B2442243F246D24261B284A")]

    // PS3.5 annexes I and K: Korean and simplified Chinese.
    [InlineData(
        "\\ISO 2022 IR 149", "Hong^Gildong=洪^吉洞=홍^길동",
        "486F6E675E47696C646F6E673D1B242943FBF35E1B242943D1CED4D73D1B242943C8AB5E1B242943B1E6B5BF")]
    [InlineData(
        "\\ISO 2022 IR 58", "Zhang^XiaoDong=张^小东",
        "5A68616E675E5869616F446F6E673D1B242941D5C55E1B242941D0A1B6AB")]
    public void Decode_code_extensions_yield_each_group_in_its_script(string terms, string expected, string hex) =>
        Assert.Equal(expected, SpecificCharacterSet.Parse(terms).Decode(Convert.FromHexString(hex), Vr.PN));

    [Theory]
    [InlineData("ISO-IR 100", "Müller", "4DFC6C6C6572")]
    [InlineData("ISO_IR100", "Müller", "4DFC6C6C6572")]
    [InlineData("ISO IR 100 ", "Müller", "4DFC6C6C6572")]
    [InlineData("iso_ir 101", "Wałęsa", "5761B3EA7361")]
    [InlineData("ISO 8859-1", "Müller", "4DFC6C6C6572")]
    [InlineData("iso8859-2", "Wałęsa", "5761B3EA7361")]
    [InlineData("ISO-8859-5", "\u041B\u044E", "BBEE")]
    [InlineData("ISO 8859-15", "€", "A4")]
    [InlineData("ISO-IR_166", "นาม", "B9D2C1")]
    [InlineData("Latin1", "Müller", "4DFC6C6C6572")]
    [InlineData("UTF-8", "王^小东", "E78E8B5EE5B08FE4B89C")]
    [InlineData("UTF8", "王^小东", "E78E8B5EE5B08FE4B89C")]
    [InlineData("utf-8", "王^小东", "E78E8B5EE5B08FE4B89C")]
    [InlineData("ISO IR 192", "王^小东", "E78E8B5EE5B08FE4B89C")]
    [InlineData("ISO 2022 IR 192", "王^小东", "E78E8B5EE5B08FE4B89C")]
    [InlineData("ISO_IR 192\\ISO_IR 100", "王^小东", "E78E8B5EE5B08FE4B89C")]
    [InlineData("\\ISO_IR 192", "王^小东", "E78E8B5EE5B08FE4B89C")]
    [InlineData("GB18030\\ISO 2022 IR 58", "王^小东", "CDF55ED0A1B6AB")]
    [InlineData("ISO 2022 GBK", "王^小东", "CDF55ED0A1B6AB")]
    [InlineData("ISO_IR 149", "홍^길동", "C8AB5EB1E6B5BF")]
    [InlineData("ISO_IR 58", "张^小东", "D5C55ED0A1B6AB")]
    [InlineData("\\ISO2022IR149", "홍^길동", "1B242943C8AB5E1B242943B1E6B5BF")]
    [InlineData("\\iso 2022 ir 58", "张^小东", "1B242941D5C55E1B242941D0A1B6AB")]
    [InlineData("\\ISO 2022 58", "张^小东", "1B242941D5C55E1B242941D0A1B6AB")]
    public void Decode_nonstandard_term_of_real_files_yields_the_text(string terms, string expected, string hex) =>
        Assert.Equal(expected, SpecificCharacterSet.Parse(terms).Decode(Convert.FromHexString(hex), Vr.PN));

    [Theory]
    [InlineData("HELLO")]
    [InlineData("ISO_IR 999")]
    [InlineData("ISO_IR 100 AND SOMETHING VERY LONG BEHIND IT")]
    [InlineData("ISO")]
    public void Decode_unknown_term_is_the_default_repertoire(string term) =>
        Assert.Equal("Müller", SpecificCharacterSet.Parse(term).Decode(Convert.FromHexString("4DFC6C6C6572"), Vr.PN));

    [Fact]
    public void Decode_JIS_X_0212_is_another_plane_than_JIS_X_0208()
    {
        var set = SpecificCharacterSet.Parse("\\ISO 2022 IR 87\\ISO 2022 IR 159");

        Assert.Equal("丂亜", set.Decode([0x1B, 0x24, 0x28, 0x44, 0x30, 0x21, 0x1B, 0x24, 0x42, 0x30, 0x21, 0x1B, 0x28, 0x42], Vr.LO));
    }

    [Fact]
    public void Decode_delimiter_restores_the_initial_state()
    {
        var set = SpecificCharacterSet.Parse("ISO 2022 IR 100\\ISO 2022 IR 144");
        byte[] cyrillicThenLatin = [0x1B, 0x2D, 0x4C, 0xBB, (byte)'^', 0xFC];

        Assert.Equal("Л^ü", set.Decode(cyrillicThenLatin, Vr.PN));
        Assert.Equal("Л^ќ", set.Decode(cyrillicThenLatin, Vr.LO));
    }

    [Fact]
    public void Decode_backslash_inside_a_double_byte_character_is_not_a_delimiter()
    {
        // 0x3D5C is one character of JIS X 0208; only the backslash in ASCII separates values.
        var text = SpecificCharacterSet.Parse("\\ISO 2022 IR 87")
            .Decode([0x1B, 0x24, 0x42, 0x3D, 0x5C, 0x1B, 0x28, 0x42, (byte)'\\', (byte)'B'], Vr.LO);

        Assert.Equal(2, text.Split('\\').Length);
        Assert.Single(text.Split('\\')[0]);
        Assert.EndsWith("\\B", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ISO_IR 192")]
    [InlineData("\\ISO 2022 IR 87")]
    [InlineData("GB18030")]
    [InlineData("no such term")]
    public void Decode_any_bytes_yield_valid_Unicode(string terms)
    {
        var random = new Random(3);
        var set = SpecificCharacterSet.Parse(terms);
        for (var round = 0; round < 500; round++)
        {
            var bytes = new byte[random.Next(40)];
            random.NextBytes(bytes);
            var text = set.Decode(bytes, Vr.PN);

            Assert.Equal(text, new UTF8Encoding(false, true).GetString(new UTF8Encoding(false, true).GetBytes(text)));
        }
    }
}
