/*
 * The only door into the module: one picture in, one picture out.
 *
 * The host calls input(n), writes n bytes of a JP2 file or of a bare JPEG 2000 codestream to where it points, and calls
 * decode(max_side) once. Every instance decodes one picture, so nothing is ever freed: the host throws the whole
 * memory away. There is no system below: no file, no clock, no text; what the library has of these is replaced here.
 * The one thing that is asked of the host is whether the time is over.
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define OPJ_SKIP_POISON /* the library forbids malloc everywhere but in opj_malloc.c, which is here */
#include "opj_includes.h"

/* How decode ended. The host knows these numbers. */
enum { DECODED = 0, MALFORMED = 1, TOO_LARGE = 2 };

/* What decode gives: width * height * 4 bytes of red, green, blue and 255 at pixels. The host knows this shape. */
static struct {
    uint32_t status, width, height;
    uint8_t *pixels;
} result;

static struct {
    const uint8_t *bytes;
    size_t length, at;
} file;

static int exhausted; /* an allocation failed: the memory's limit, and not the file's form, is why there is no picture */

/*
 * --- the deadline ---
 *
 * The compiler puts a call of __sanitizer_cov_trace_pc into every basic block of the library, and every 2^16 of them,
 * which is about a millisecond, the host is asked. A trap ends the instance. Being so often in the host also keeps the
 * collector of the host's garbage from waiting. (wazero's own way asks at the head of every loop: a picture then takes
 * eight times as long.)
 */
__attribute__((import_module("host"), import_name("expired"))) extern int expired(void);

__attribute__((no_sanitize("coverage"), noinline)) void __sanitizer_cov_trace_pc(void)
{
    static uint32_t blocks;
    if ((++blocks & 0xFFFF) == 0 && expired())
        __builtin_trap();
}

/* --- in place of opj_malloc.c: malloc of wasm32 aligns to 16 bytes already, more is asked for only by AVX --- */

static void *counted(void *p)
{
    exhausted |= p == NULL;
    return p;
}

void *opj_malloc(size_t n) { return n == 0 ? NULL : counted(malloc(n)); }
void *opj_calloc(size_t n, size_t size) { return n == 0 ? NULL : counted(calloc(n, size)); }
void *opj_realloc(void *p, size_t n) { return n == 0 ? NULL : counted(realloc(p, n)); }
void *opj_aligned_malloc(size_t n) { return opj_malloc(n); }
void *opj_aligned_realloc(void *p, size_t n) { return opj_realloc(p, n); }
void *opj_aligned_32_malloc(size_t n) { return opj_malloc(n); }
void *opj_aligned_32_realloc(void *p, size_t n) { return opj_realloc(p, n); }
void opj_aligned_free(void *p) { free(p); }
void opj_free(void *p) { free(p); }

/* --- in place of event.c: messages have no reader --- */

OPJ_BOOL opj_event_msg(opj_event_mgr_t *manager, OPJ_INT32 type, const char *format, ...)
{
    (void)manager, (void)type, (void)format;
    return OPJ_TRUE;
}

void opj_set_default_event_handler(opj_event_mgr_t *manager) { memset(manager, 0, sizeof *manager); }

/* --- in place of ht_dec.c: JPEG 2000 part 15 is not in ICAO 9303-10 --- */

OPJ_BOOL opj_t1_ht_decode_cblk(opj_t1_t *t1, opj_tcd_cblk_dec_t *block, OPJ_UINT32 orientation, OPJ_UINT32 shift,
                               OPJ_UINT32 style, opj_event_mgr_t *manager, opj_mutex_t *mutex, OPJ_BOOL check)
{
    (void)t1, (void)block, (void)orientation, (void)shift, (void)style, (void)manager, (void)mutex, (void)check;
    return OPJ_FALSE;
}

/* --- in place of libc's: the environment is empty, and nothing is written anywhere --- */

char *getenv(const char *name)
{
    (void)name;
    return NULL;
}

FILE *const stdout = NULL, *const stderr = NULL;

int fprintf(FILE *to, const char *format, ...)
{
    (void)to, (void)format;
    return 0;
}

int sprintf(char *to, const char *format, ...) /* of the encoder, which is not here */
{
    (void)format;
    *to = 0;
    return 0;
}

/* --- the file as the library's stream --- */

static OPJ_SIZE_T read_file(void *to, OPJ_SIZE_T n, void *unused)
{
    (void)unused;
    size_t left = file.length - file.at;
    if (left == 0)
        return (OPJ_SIZE_T)-1;
    if (n > left)
        n = left;
    memcpy(to, file.bytes + file.at, n);
    file.at += n;
    return n;
}

static OPJ_BOOL seek_file(OPJ_OFF_T to, void *unused)
{
    (void)unused;
    if (to < 0 || (uint64_t)to > file.length)
        return OPJ_FALSE;
    file.at = (size_t)to;
    return OPJ_TRUE;
}

static OPJ_OFF_T skip_file(OPJ_OFF_T n, void *unused)
{
    return n >= 0 && seek_file((OPJ_OFF_T)file.at + n, unused) ? n : -1;
}

static opj_stream_t *open_file(void)
{
    opj_stream_t *stream = opj_stream_create(1 << 16, OPJ_TRUE);
    if (stream == NULL)
        return NULL;
    opj_stream_set_read_function(stream, read_file);
    opj_stream_set_skip_function(stream, skip_file);
    opj_stream_set_seek_function(stream, seek_file);
    opj_stream_set_user_data(stream, &file, NULL);
    opj_stream_set_user_data_length(stream, file.length);
    return stream;
}

/* --- from components to red, green and blue --- */

/* sample is a component at a pixel of the image, as 0 to 255. Components may be coarser than the image. */
static int sample(const opj_image_t *image, const opj_image_comp_t *c, uint32_t x, uint32_t y)
{
    uint32_t column = (image->x0 + x) / c->dx, row = (image->y0 + y) / c->dy;
    column = column > c->x0 ? column - c->x0 : 0;
    row = row > c->y0 ? row - c->y0 : 0;
    if (column >= c->w)
        column = c->w - 1;
    if (row >= c->h)
        row = c->h - 1;
    int32_t most = (1 << c->prec) - 1;
    int32_t v = c->data[(size_t)row * c->w + column];
    if (c->sgnd)
        v += 1 << (c->prec - 1);
    v = v < 0 ? 0 : v > most ? most : v;
    return c->prec >= 8 ? v >> (c->prec - 8) : v * 255 / most;
}

static uint8_t clamp(int v) { return v < 0 ? 0 : v > 255 ? 255 : v; }

/* from_ycc: ITU-T T.871 section 7, in 16 bits after the point. */
static void from_ycc(uint8_t *to, int y, int cb, int cr)
{
    const int half = 1 << 15;
    cb -= 128, cr -= 128;
    to[0] = clamp(y + ((91881 * cr + half) >> 16));
    to[1] = clamp(y - ((22554 * cb + 46802 * cr + half) >> 16));
    to[2] = clamp(y + ((116130 * cb + half) >> 16));
}

/* usable: one, three or four components of a depth that sample can take, and all of them there. */
static int usable(const opj_image_t *image)
{
    if (image->numcomps == 0 || image->numcomps > 4 || image->x1 <= image->x0 || image->y1 <= image->y0)
        return 0;
    for (uint32_t i = 0; i < image->numcomps; i++) {
        const opj_image_comp_t *c = &image->comps[i];
        if (c->prec == 0 || c->prec > 16 || c->dx == 0 || c->dy == 0)
            return 0;
    }
    return 1;
}

/* colours gives the number of components that are not opacity, or 0 if one has no samples. */
static uint32_t colours(const opj_image_t *image)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < image->numcomps; i++) {
        const opj_image_comp_t *c = &image->comps[i];
        if (c->data == NULL || c->w == 0 || c->h == 0)
            return 0;
        n += c->alpha == 0;
    }
    return n;
}

static uint32_t paint(const opj_image_t *image)
{
    uint32_t width = image->x1 - image->x0, height = image->y1 - image->y0, n = colours(image);
    const opj_image_comp_t *c = image->comps;
    int cmyk = n == 4 && image->color_space == OPJ_CLRSPC_CMYK;
    int coarse = n == 3 && c[0].dx == 1 && c[1].dx > 1; /* a bare codestream cannot say that it is YCC in another way */
    int ycc = n == 3 && (image->color_space == OPJ_CLRSPC_SYCC || coarse);
    if (n == 0 || image->color_space == OPJ_CLRSPC_EYCC)
        return MALFORMED;
    uint8_t *to = result.pixels = opj_malloc((size_t)width * height * 4);
    if (to == NULL)
        return TOO_LARGE;
    for (uint32_t y = 0; y < height; y++) {
        for (uint32_t x = 0; x < width; x++, to += 4) {
            int v[4] = {0};
            for (uint32_t i = 0; i < n; i++)
                v[i] = sample(image, &c[i], x, y);
            if (n < 3)
                v[1] = v[2] = v[0];
            for (int i = 0; i < 3; i++)
                to[i] = cmyk ? (255 - v[i]) * (255 - v[3]) / 255 : v[i];
            if (ycc)
                from_ycc(to, v[0], v[1], v[2]);
            to[3] = 255;
        }
    }
    result.width = width, result.height = height;
    return DECODED;
}

/* --- the door --- */

static uint32_t run(uint32_t max_side)
{
    static const uint8_t signature[12] = {0, 0, 0, 12, 'j', 'P', ' ', ' ', 13, 10, 0x87, 10};
    int boxed = file.length >= sizeof signature && memcmp(file.bytes, signature, sizeof signature) == 0;
    opj_codec_t *codec = opj_create_decompress(boxed ? OPJ_CODEC_JP2 : OPJ_CODEC_J2K);
    opj_stream_t *stream = open_file();
    opj_dparameters_t parameters;
    opj_image_t *image = NULL;
    opj_set_default_decoder_parameters(&parameters);
    if (codec == NULL || stream == NULL)
        return TOO_LARGE;
    if (!opj_setup_decoder(codec, &parameters) || !opj_decoder_set_strict_mode(codec, OPJ_TRUE))
        return MALFORMED;
    if (!opj_read_header(stream, codec, &image) || !usable(image))
        return MALFORMED;
    if (image->x1 - image->x0 > max_side || image->y1 - image->y0 > max_side)
        return TOO_LARGE;
    if (!opj_decode(codec, stream, image))
        return MALFORMED;
    return paint(image);
}

/* input gives where the host shall write the file, or 0. */
__attribute__((export_name("input"))) uint8_t *input(uint32_t length)
{
    file.length = length;
    file.bytes = opj_malloc(length);
    return (uint8_t *)file.bytes;
}

/* decode gives where the result is. */
__attribute__((export_name("decode"))) const void *decode(uint32_t max_side)
{
    result.status = file.bytes == NULL ? MALFORMED : run(max_side);
    if (result.status == MALFORMED && exhausted)
        result.status = TOO_LARGE;
    return &result;
}
